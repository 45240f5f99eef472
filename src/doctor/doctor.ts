// The doctor: looks at everything that a morning needs, and says of each finding what mends it. Nothing is sent or changed.
import { isIP } from 'node:net';
import type { App } from '../app.ts';
import type { Settings } from '../config.ts';
import { openDesk } from '../desk.ts';
import { type Finding, good, warning } from './finding.ts';
import { failureOf, lookAtClock, lookAtDatabase, lookAtDesk, lookAtFolder } from './machine.ts';
import { isThisMachine, lookAtMailServer, lookAtPages, smtpRelaysIn } from './mail-server.ts';
import { lookAtNames, openResolver, type Sending } from './names.ts';

/** What the operator says of what cannot be seen from here. */
export interface Told {
  /** `ADDRESS` or `ADDRESS:PORT` of the DNS server to ask. */
  dns: string | undefined;
  /** From which addresses mail leaves. */
  ips: readonly string[];
}

/** Looks at everything. @param open opens the installation; that may fail, and then the rest is looked at all the same */
export async function examine(settings: Settings, open: () => Promise<App>, told: Told): Promise<Finding[]> {
  const findings = [good('configuration', 'every setting is allowed'), ...lookAtFolder(settings)];
  let app: App | null = null;
  try {
    app = await open();
    findings.push(...(await lookAtDatabase(app)), ...(await lookAtClock(app)));
  } catch (error) {
    findings.push(failureOf('database', error));
  }
  const warnings: string[] = [];
  const looked = await lookAtDesk(() => openDesk(settings, line => warnings.push(line)));
  findings.push(
    ...looked.findings,
    ...warnings.map(line => warning('dkim', line, 'See DKIM in docs/operating.md.')),
  );
  if (app !== null) findings.push(...(await lookAtMailServer(app)), ...(await lookAtPages(app)));
  if (settings.mailFrom !== undefined && looked.desk !== null) {
    const resolver = openResolver(told.dns ?? settings.dnsServer);
    findings.push(
      ...(await lookAtNames(resolver, await sendingOf(settings, looked.desk.sender, told, resolver))),
    );
  }
  return findings;
}

async function sendingOf(
  { smtpUrl, dkimKey, dkimSelector, dkimDomain }: Settings,
  { address, bounceAddress }: { address: string; bounceAddress: string | null },
  { ips }: Told,
  resolver: ReturnType<typeof openResolver>,
): Promise<Sending> {
  const from = domainOf(address);
  return {
    from,
    bounces: domainOf(bounceAddress ?? address),
    dkim:
      dkimKey === undefined
        ? null
        : { keys: dkimKey, selectors: dkimSelector ?? '', domain: dkimDomain ?? from },
    addresses: ips.length > 0 ? [...ips] : await addressesOf(smtpUrl, resolver),
  };
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** The addresses of the mail servers that are other machines: whether mail leaves from them too is likely, not certain. */
async function addressesOf(
  smtpUrl: string | undefined,
  resolver: ReturnType<typeof openResolver>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { host } of smtpUrl === undefined ? [] : smtpRelaysIn(smtpUrl)) {
    if (await isThisMachine(host)) continue;
    if (isIP(host)) found.push(host);
    else
      for (const asked of [resolver.resolve4(host), resolver.resolve6(host)])
        found.push(...(await asked.catch(() => [])));
  }
  return found;
}
