// Looks up which mail programs do not know a feature of HTML or CSS.
import { CLIENTS, UNKNOWN_TO } from './client-support.ts';

let table: Map<string, string> | undefined;

function readTable(): Map<string, string> {
  const names = CLIENTS.trim().split('\n');
  return new Map(
    UNKNOWN_TO.split('\n').flatMap(line => {
      const [places = '', ...features] = line.split('\t');
      const failing = [...places].map(place => names[Number.parseInt(place, 36)] ?? '');
      const said = inWords(failing, names);
      return features.map(feature => [feature, said] as const);
    }),
  );
}

/** "Gmail, Outlook (Windows, iOS)": without places where a program fails everywhere. */
function inWords(failing: readonly string[], all: readonly string[]): string {
  const program = (client: string) => client.slice(0, client.indexOf(':'));
  return [...new Set(failing.map(program))]
    .map(name => {
      const places = failing.filter(client => program(client) === name);
      const everywhere = places.length === all.filter(client => program(client) === name).length;
      return everywhere ? name : `${name} (${places.map(one => one.slice(name.length + 1)).join(', ')})`;
    })
    .join(', ');
}

/** The programs that do not know a feature, in words; '' where all know it; undefined where nobody has tried. */
export function unknownTo(feature: string): string | undefined {
  table ??= readTable();
  return table.get(feature);
}
