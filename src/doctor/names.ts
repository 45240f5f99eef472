// The doctor looks at DNS as Gmail, Yahoo and Outlook will: SPF, DKIM, DMARC, where bounces go, and the sending host's name.
import { createPublicKey } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { evaluateDmarc } from 'mailauth/lib/dmarc/index.js';
import { spf } from 'mailauth/lib/spf/index.js';
import { publicKeysOf } from '../delivery/dkim.ts';
import { reasonOf } from '../errors.ts';
import { type Finding, failure, good, warning } from './finding.ts';

/** Who sends, as receivers see it. */
export interface Sending {
  /** The domain of From, and that of the envelope's sender. */
  from: string;
  bounces: string;
  dkim: { keys: string; selectors: string; domain: string } | null;
  /** The addresses from which mail leaves; empty: nobody knows here. */
  addresses: string[];
}

const ANSWER_MS = 3_000;

/** What asks DNS. @param server `ADDRESS` or `ADDRESS:PORT`; undefined: those of the machine */
export function openResolver(server: string | undefined): Resolver {
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  return resolver;
}

/** The codes by which a server says that there is nothing, rather than that it cannot say. */
const NOTHING = ['ENOTFOUND', 'ENODATA'];

async function texts(resolver: Resolver, name: string): Promise<string[]> {
  try {
    return (await resolver.resolveTxt(name)).map(parts => parts.join(''));
  } catch (error) {
    if (NOTHING.includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** All checks of DNS; where its server does not answer, that alone is said. */
export async function lookAtNames(resolver: Resolver, sending: Sending): Promise<Finding[]> {
  try {
    return [
      ...(await lookAtSpf(resolver, sending)),
      ...(await lookAtDkim(resolver, sending)),
      await lookAtDmarc(resolver, sending),
      await lookAtMx(resolver, sending.bounces),
      ...(await lookAtHosts(resolver, sending)),
    ];
  } catch (error) {
    const said = `the DNS server (${resolver.getServers().join(', ')}) does not say: ${reasonOf(error)}`;
    return [failure('dns', said, 'Name one that answers, by DNS_SERVER or --dns 1.1.1.1, and look again.')];
  }
}

/** RFC 7208: one record, and it lets the sending addresses pass. */
async function lookAtSpf(resolver: Resolver, { bounces, addresses }: Sending): Promise<Finding[]> {
  const records = (await texts(resolver, bounces)).filter(text => /^v=spf1(?:\s|$)/i.test(text));
  if (records.length !== 1) {
    const said =
      records.length === 0
        ? `${bounces} has no SPF record`
        : `${bounces} has ${records.length} SPF records: none counts`;
    const terms =
      addresses.map(ip => `ip${isIP(ip)}:${ip} `).join('') || 'include:WHAT-YOUR-MAIL-PROVIDER-NAMES ';
    return [
      failure(
        'spf',
        said,
        `Make one TXT record of ${bounces}: "v=spf1 ${terms}~all" (4.7.27 and 5.7.27 of Gmail mean this).`,
      ),
    ];
  }
  const [record = ''] = records;
  if (addresses.length === 0)
    return [good('spf', `${bounces}: ${record} (whether it names your mail server is not known here: --ip)`)];
  const findings: Finding[] = [];
  for (const ip of addresses) {
    const { status } = await spf({
      sender: `postmaster@${bounces}`,
      ip,
      helo: bounces,
      resolver: (name, type) => resolver.resolve(name, type) as Promise<never>,
    });
    if (status.result === 'temperror') throw new Error(String(status.comment || 'a server does not answer'));
    findings.push(
      status.result === 'pass'
        ? good('spf', `${bounces} lets ${ip} send`)
        : failure(
            'spf',
            `${bounces} does not let ${ip} send (${status.result}): ${record}`,
            `Add "ip${isIP(ip)}:${ip}", or the include that your mail provider names, before the "all" of that record.`,
          ),
    );
  }
  return findings;
}

/** RFC 6376 §3.6.1: the public key at SELECTOR._domainkey.DOMAIN is that of the private key. */
async function lookAtDkim(resolver: Resolver, { dkim, from }: Sending): Promise<Finding[]> {
  if (dkim === null)
    return [
      warning(
        'dkim',
        'no key is set, so mails leave here unsigned',
        'If your mail server does not sign either, make a key: see DKIM in docs/operating.md (4.7.30 and 5.7.30 of Gmail mean this).',
      ),
    ];
  const findings: Finding[] = [];
  for (const { selector, kind, key } of publicKeysOf(dkim)) {
    const name = `${selector}._domainkey.${dkim.domain}`;
    const wanted = `v=DKIM1; k=${kind}; p=${key}`;
    const records = await texts(resolver, name);
    const tags = new Map(
      (records[0] ?? '')
        .split(';')
        .map(tag => [tag.split('=')[0]?.trim() ?? '', tag.slice(tag.indexOf('=') + 1).replace(/\s+/g, '')]),
    );
    if (records.length !== 1)
      findings.push(
        failure(
          'dkim',
          `${name} has ${records.length === 0 ? 'no record' : 'several records'}`,
          `Make one TXT record of ${name}: "${wanted}"`,
        ),
      );
    else if (tags.get('p') === '')
      findings.push(failure('dkim', `${name} says that its key is revoked`, `Make it "${wanted}"`));
    else if (!isSameKey(tags.get('p') ?? '', key))
      findings.push(
        failure(
          'dkim',
          `${name} has another key than DKIM_KEY: every signature is wrong`,
          `Make it "${wanted}"`,
        ),
      );
    else if ((tags.get('t') ?? '').split(':').includes('y'))
      findings.push(
        warning(
          'dkim',
          `${name} says that it is only tried out (t=y)`,
          'Take t=y out of the record: some receivers ignore such signatures.',
        ),
      );
    else findings.push(good('dkim', `${name} has the key that signs`));
  }
  if (!isAligned(dkim.domain, from))
    findings.push(
      failure(
        'dkim',
        `mails come from ${from} and are signed by ${dkim.domain}`,
        `Sign by ${from} (DKIM_DOMAIN): DMARC does not count other domains.`,
      ),
    );
  return findings;
}

/** An RSA key may be written as SPKI, as all do, or as PKCS #1, as RFC 6376 §3.6.1 has it. */
function isSameKey(published: string, own: string): boolean {
  if (published === own) return true;
  try {
    const der = { key: Buffer.from(published, 'base64'), format: 'der', type: 'pkcs1' } as const;
    return createPublicKey(der).export({ type: 'spki', format: 'der' }).toString('base64') === own;
  } catch {
    return false;
  }
}

/** Relaxed alignment, as far as it is known without asking: one is the other, or lies below it. */
const isAligned = (a: string, b: string) => a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);

/** RFC 9989 (DMARC): the domain, or one above it, has a policy. */
async function lookAtDmarc(resolver: Resolver, { from, bounces, dkim }: Sending): Promise<Finding> {
  const { response } = await evaluateDmarc({
    headerFrom: `x@${from}`,
    spfDomains: [bounces],
    dkimDomains: dkim === null ? [] : [{ id: 'own', domain: dkim.domain }],
    resolver: (name, type) => resolver.resolve(name, type) as Promise<never>,
  });
  if (response !== false && response.status.result === 'temperror') throw new Error('the policy is not told');
  if (response === false || response.rr === undefined)
    return failure(
      'dmarc',
      `${from} has no DMARC policy`,
      `Make a TXT record of _dmarc.${from}: "v=DMARC1; p=none; rua=mailto:YOU@${from}" (4.7.31 of Gmail means this).`,
    );
  if (response.status.result !== 'pass')
    return failure(
      'dmarc',
      `neither ${bounces} (SPF) nor ${dkim?.domain ?? 'a signature'} (DKIM) stands for ${from}`,
      `Let BOUNCE_ADDRESS or DKIM_DOMAIN be of ${from} (4.7.32 of Gmail means this).`,
    );
  return good('dmarc', `${response.policyDomain ?? from}: ${response.rr}`);
}

/** RFC 5321 §5.1: bounces find their way back. */
async function lookAtMx(resolver: Resolver, domain: string): Promise<Finding> {
  const found = await resolver.resolveMx(domain).catch(error => {
    if (NOTHING.includes(error.code)) return [];
    throw error;
  });
  const names = found.map(({ exchange }) => exchange).filter(name => name !== '');
  return names.length > 0
    ? good('mx', `mail to ${domain} goes to ${names.join(', ')}`)
    : failure(
        'mx',
        `${domain} takes no mail (no MX record)`,
        `Make an MX record of ${domain}: bounces, and readers who leave by mail, write there.`,
      );
}

/** The sending host has a name, and the name has its address. */
async function lookAtHosts(resolver: Resolver, { addresses }: Sending): Promise<Finding[]> {
  if (addresses.length === 0)
    return [
      warning(
        'ptr',
        'it is not known here from which address your mail leaves',
        'Look again with it: paperround doctor --ip ADDRESS (of the server that hands mail to the receivers).',
      ),
    ];
  return Promise.all(addresses.map(ip => lookAtHost(resolver, ip)));
}

async function lookAtHost(resolver: Resolver, ip: string): Promise<Finding> {
  const nothing = (error: NodeJS.ErrnoException): string[] => {
    if (NOTHING.includes(error.code ?? '')) return [];
    throw error;
  };
  const names = await resolver.reverse(ip).catch(nothing);
  const fix = `Let who owns ${ip} (your hosting provider) set its PTR record to a name that has this address (4.7.23 and 5.7.25 of Gmail mean this).`;
  for (const name of names) {
    const back = await (isIP(ip) === 6 ? resolver.resolve6(name) : resolver.resolve4(name)).catch(nothing);
    if (back.includes(ip)) return good('ptr', `${ip} is ${name}, and back`);
  }
  return failure(
    'ptr',
    names.length === 0 ? `${ip} has no name` : `${ip} is called ${names.join(', ')}, which is not ${ip}`,
    fix,
  );
}
