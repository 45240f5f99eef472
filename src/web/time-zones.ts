// The time zones to choose from: those of this runtime, by continent, in a select that needs no script.
import { html } from 'hono/html';

/** One that is not on the list (an old name, say) is put first, and stays chosen. */
export function timeZoneSelect(chosen: string) {
  const option = (zone: string, words: string) =>
    html`<option value="${zone}" ${zone === chosen ? html`selected` : ''}>${words}</option>`;
  const isListed = chosen === 'UTC' || GROUPS.some(([, zones]) => zones.includes(chosen));
  return html`<select id="timeZone" name="timeZone">${isListed ? '' : option(chosen, chosen)}${option('UTC', 'UTC')}${GROUPS.map(
    ([continent, zones]) =>
      html`<optgroup label="${continent}">${zones.map(zone => option(zone, zone.slice(continent.length + 1).replaceAll('_', ' ')))}</optgroup>`,
  )}</select>`;
}

/** `Europe/Paris` under `Europe`; names without a continent are other names of these. */
const GROUPS = [
  ...Map.groupBy(
    Intl.supportedValuesOf('timeZone').filter(zone => zone.includes('/') && !zone.startsWith('Etc/')),
    zone => zone.slice(0, zone.indexOf('/')),
  ),
];
