// What a delivered mail owes to those who receive it: each rule in one sentence, where it stands, and how the mail is looked at.
import type { ParsedMail } from 'mailparser';
import { expect } from 'vitest';
import type { Accepted } from '../support/smtp.ts';
import type { mailroom } from './mailroom.ts';

/** The day of the edition. */
export const DAY = '2026-08-20';

/** What mailauth says of the signatures. */
export interface Verified {
  results: {
    status: { result: string; aligned: string | false };
    signingDomain: string;
    modulusLength?: number;
  }[];
}
/** A mail as the server has it, taken apart by the tests themselves and by a parser of somebody else. */
export interface Mail extends Accepted {
  lines: string[];
  head: string[];
  fields: Map<string, string[]>;
  parsed: ParsedMail;
  verified: Verified;
  /** Tags of the DKIM signature (RFC 6376 §3.2). */
  tags: Map<string, string>;
  room: Awaited<ReturnType<typeof mailroom>>;
}

const only = ({ fields }: Mail, name: string): string => {
  const values = fields.get(name) ?? [];
  expect(values).toHaveLength(1);
  return values[0] as string;
};
const signedNames = ({ tags }: Mail) => (tags.get('h') ?? '').toLowerCase().split(':');
const hrefs = (html: string) => [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href ?? '');

/** A rule in one sentence, where it stands, and how the mail keeps it. */
type Rule = [sentence: string, source: string, check: (mail: Mail) => void];

const ONCE = ['date', 'from', 'to', 'message-id', 'subject', 'mime-version', 'content-type'];
export const RFC_5322: Rule[] = [
  [
    'lines end with CR LF, and neither stands alone',
    'RFC 5322 §2.3',
    ({ bytes }) => {
      expect(bytes.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    },
  ],
  [
    'no line has more than 998 characters',
    'RFC 5322 §2.1.1',
    ({ lines }) => {
      expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(998);
    },
  ],
  [
    'no line has more than 78 characters, unless one word is longer',
    'RFC 5322 §2.1.1',
    ({ lines }) => {
      const long = lines.filter(line => line.length > 78);
      expect(long.filter(line => line.trim().split(/\s+/).length > 2)).toEqual([]);
    },
  ],
  [
    'the header is printable ASCII',
    'RFC 5322 §2.2',
    ({ head }) => {
      expect(head.filter(line => !/^[\t\x20-\x7e]*$/.test(line))).toEqual([]);
    },
  ],
  [
    'no line of the header is white space alone',
    'RFC 5322 §3.2.2',
    ({ head }) => {
      expect(head.filter(line => line.trim() === '')).toEqual([]);
    },
  ],
  [
    'what may stand once stands once, and Date, From, To, Message-ID and Subject are there',
    'RFC 5322 §3.6',
    ({ fields }) => {
      expect(ONCE.filter(name => fields.get(name)?.length !== 1)).toEqual([]);
      const more = ['sender', 'reply-to', 'cc', 'bcc', 'in-reply-to', 'references'];
      expect(more.filter(name => fields.has(name))).toEqual([]);
    },
  ],
  [
    'the date is written as it should be, with its day of the week, and is the day of the plan',
    'RFC 5322 §3.3',
    mail => {
      expect(only(mail, 'date')).toMatch(
        /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/,
      );
      expect(mail.parsed.date?.toISOString()).toBe(`${DAY}T07:00:00.000Z`);
    },
  ],
  [
    'the Message-ID is one, with a domain of the sender',
    'RFC 5322 §3.6.4',
    mail => {
      expect(only(mail, 'message-id')).toMatch(/^<[\w!#$%&'*+/=?^`{|}~.-]+@example\.org>$/);
    },
  ],
  [
    'From names one mailbox',
    'RFC 5322 §3.6.2',
    mail => {
      expect(mail.parsed.from?.value).toHaveLength(1);
      expect(mail.parsed.from?.value[0]?.address).toBe('papers@example.org');
    },
  ],
  [
    'To names the one reader, and nobody else learns of them',
    'RFC 5322 §3.6.3',
    mail => {
      expect([mail.parsed.to].flat().flatMap(to => to?.value.map(({ address }) => address))).toEqual([
        mail.to,
      ]);
    },
  ],
  [
    'trace fields and the return path are left to those who deliver',
    'RFC 5321 §4.4',
    ({ fields }) => {
      expect(['return-path', 'received', 'delivered-to'].filter(name => fields.has(name))).toEqual([]);
    },
  ],
  [
    'the return path has a local part of 64 octets at most',
    'RFC 5321 §4.5.3.1.1',
    ({ from }) => {
      expect(from).toMatch(/^papers\+[\w-]+@example\.org$/);
      expect(from.indexOf('@')).toBeLessThanOrEqual(64);
    },
  ],
];

export const MIME: Rule[] = [
  ['the version of MIME is 1.0', 'RFC 2045 §4', mail => expect(only(mail, 'mime-version')).toBe('1.0')],
  [
    'encoded words have 75 characters at most, their lines 76',
    'RFC 2047 §2',
    ({ head }) => {
      const words = head.flatMap(line => line.match(/=\?[^ ]+\?=/g) ?? []);
      expect(words.filter(word => word.length > 75)).toEqual([]);
      expect(head.filter(line => line.includes('=?') && line.length > 76)).toEqual([]);
    },
  ],
  [
    'an address is never encoded',
    'RFC 2047 §5',
    ({ fields }) => {
      expect(fields.get('from')?.[0]).toMatch(/<papers@example\.org>$|^papers@example\.org$/);
    },
  ],
  [
    'lines of quoted-printable text have 76 characters at most',
    'RFC 2045 §6.7',
    ({ lines, head }) => {
      expect(lines.slice(head.length).filter(line => line.length > 76)).toEqual([]);
    },
  ],
  [
    'the boundary has 70 characters at most and stands nowhere else',
    'RFC 2046 §5.1.1',
    mail => {
      const boundary = /boundary="([^"]+)"/.exec(only(mail, 'content-type'))?.[1] ?? '';
      expect(boundary.length).toBeGreaterThan(0);
      expect(boundary.length).toBeLessThanOrEqual(70);
      expect(mail.lines.filter(line => line.startsWith(`--${boundary}`))).toHaveLength(3);
    },
  ],
  [
    'the plain text comes before the HTML, which is preferred',
    'RFC 2046 §5.1.4',
    ({ lines }) => {
      const types = lines.filter(line => /^Content-Type:/i.test(line)).map(line => line.split(/[:;]\s*/)[1]);
      expect(types).toEqual(['multipart/alternative', 'text/plain', 'text/html']);
    },
  ],
];

export const LISTS: Rule[] = [
  [
    'List-Unsubscribe is one field of addresses in <>, the preferred one first',
    'RFC 2369 §2, §3.2',
    mail => {
      const ways = only(mail, 'list-unsubscribe').split(/,\s*/);
      expect(ways.every(way => /^<(?:https|mailto):[^<>\s]+>$/.test(way))).toBe(true);
      expect(ways.map(way => /^<(\w+):/.exec(way)?.[1])).toEqual(
        mail.fields.has('list-unsubscribe-post') ? ['https', 'mailto'] : ['mailto'],
      );
    },
  ],
  [
    'List-Help is there and leads somewhere',
    'RFC 2369 §3.1',
    mail => {
      expect(only(mail, 'list-help')).toMatch(
        /^<(?:https:\/\/papers\.example\.org\/|mailto:papers@example\.org\?subject=help)>$/,
      );
    },
  ],
  [
    'nobody can write to the list: List-Post says NO',
    'RFC 2369 §3.4',
    mail => {
      expect(only(mail, 'list-post')).toBe('NO');
    },
  ],
  [
    'no List-* field is there twice',
    'RFC 2369 §4',
    ({ fields }) => {
      const lists = [...fields].filter(([name]) => name.startsWith('list-'));
      expect(lists.filter(([, values]) => values.length !== 1)).toEqual([]);
    },
  ],
  [
    'List-Id names the list by a label in a domain of the sender, in 255 characters at most',
    'RFC 2919 §2, §3',
    mail => {
      expect(only(mail, 'list-id')).toMatch(/^(?:.{1,100} )?<[a-z\d-]+\.example\.org>$/);
    },
  ],
  [
    'it is said to be written by a program, and not as an answer',
    'RFC 3834 §5',
    mail => {
      expect(only(mail, 'auto-submitted')).toBe('auto-generated');
    },
  ],
  [
    'old programs that answer by themselves are told not to',
    'RFC 3834 §2 (Precedence)',
    mail => {
      expect(only(mail, 'precedence')).toBe('bulk');
    },
  ],
];

export const ONE_CLICK: Rule[] = [
  [
    'the mail has exactly one https address to leave by',
    'RFC 8058 §3.1',
    mail => {
      expect(only(mail, 'list-unsubscribe').match(/<https:/g)).toHaveLength(1);
    },
  ],
  [
    'List-Unsubscribe-Post has the one value that it may have',
    'RFC 8058 §3.1',
    mail => {
      expect(only(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    },
  ],
  [
    'both fields are covered by a valid signature',
    'RFC 8058 §4',
    mail => {
      expect(signedNames(mail)).toEqual(
        expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post']),
      );
      expect(mail.verified.results.map(({ status }) => status.result)).toEqual(['pass']);
    },
  ],
  [
    'the address names its reader by something that nobody can guess',
    'RFC 8058 §3.1, §6',
    mail => {
      const token = /\/unsubscribe\/([\w-]+)>/.exec(only(mail, 'list-unsubscribe'))?.[1] ?? '';
      expect(token.length).toBeGreaterThanOrEqual(32);
      expect(token).not.toContain('ada');
    },
  ],
];

export const PROVIDERS: Rule[] = [
  [
    'mail is signed by the domain in From, with 2048 bits',
    'Gmail and Yahoo sender rules: DKIM; RFC 8301 §3.2',
    ({ tags, verified }) => {
      expect([tags.get('d'), tags.get('a')]).toEqual(['example.org', 'rsa-sha256']);
      expect(verified.results[0]).toMatchObject({ status: { result: 'pass' }, modulusLength: 2048 });
    },
  ],
  [
    'From is aligned with the signature and with the return path',
    'Gmail sender rules: DMARC alignment; RFC 7489 §3.1',
    ({ from, verified }) => {
      expect(verified.results[0]?.status.aligned).toBe('example.org');
      expect(from.endsWith('@example.org')).toBe(true);
    },
  ],
  [
    'all that readers and their programs see is signed',
    'RFC 6376 §5.4.1; Gmail: Feedback-ID',
    mail => {
      const seen = [...mail.fields.keys()].filter(name => name !== 'dkim-signature');
      expect(seen.filter(name => !signedNames(mail).includes(name))).toEqual([]);
    },
  ],
  [
    'nobody can add another From, Subject or way out',
    'RFC 6376 §8.15',
    mail => {
      const twice = [
        'from',
        'to',
        'subject',
        'date',
        'list-unsubscribe',
        'list-unsubscribe-post',
        'reply-to',
        'cc',
      ];
      const count = (name: string) => signedNames(mail).filter(one => one === name).length;
      expect(twice.filter(name => count(name) !== (mail.fields.get(name)?.length ?? 0) + 1)).toEqual([]);
    },
  ],
  ['the signature covers the whole body', 'RFC 6376 §8.2', ({ tags }) => expect(tags.has('l')).toBe(false)],
  [
    'Feedback-ID has four parts, the last of 5 to 15 characters, and names nobody',
    'Gmail: Feedback Loop',
    mail => {
      const parts = only(mail, 'feedback-id').split(':');
      expect(parts).toHaveLength(4);
      expect(parts[3]).toMatch(/^[a-z]{5,15}$/);
      expect(new Set(parts).size).toBe(4);
      expect(parts.join()).not.toMatch(/ada|example\.net/);
    },
  ],
  [
    'a way out can be seen in the mail itself, in both parts',
    'Gmail and Yahoo sender rules: a visible link in the body',
    mail => {
      const html = String(mail.parsed.html);
      const way = mail.fields.has('list-unsubscribe-post')
        ? /^https:.*\/unsubscribe\//
        : /^mailto:.*unsubscribe/;
      expect(hrefs(html).some(href => way.test(href))).toBe(true);
      expect(html).toMatch(/>\s*Unsubscribe\b/i);
      expect(mail.parsed.text).toMatch(/Unsubscribe:\s*\S/);
    },
  ],
  [
    'nothing is hidden but the preview line, whose words are all shown as well',
    'Gmail sender rules: no hidden content',
    ({ parsed }) => {
      const html = withoutOutlook(String(parsed.html));
      const [line, words = ''] = /<div style="display:none[^"]*">([^<]*)<\/div>/.exec(html) ?? [];
      const shown = html.replace(line ?? '', '').replace(/<[^>]+>/g, ' ');
      expect(words.split(/[\s,:.]+/).filter(word => !shown.includes(word))).toEqual([]);
      expect(shown).not.toBe(html);
      expect(html.replace(line ?? '', '')).not.toMatch(HIDDEN);
    },
  ],
  [
    'the header is small',
    'Gmail sender rules: no oversized headers',
    ({ head }) => {
      expect(head.join('\r\n').length).toBeLessThan(8_000);
    },
  ],
  [
    'the HTML is not clipped',
    'Gmail clips above 102 kB',
    ({ parsed }) => {
      expect(Buffer.byteLength(String(parsed.html))).toBeLessThan(95_000);
    },
  ],
  [
    'nothing is loaded and nobody is followed when it is read',
    'the house’s own rule: no tracking',
    ({ parsed }) => {
      expect(String(parsed.html)).not.toMatch(
        /<(?:img|link|script|iframe)\b[^>]+(?:src|href)="(?:https?:)?\/\//i,
      );
    },
  ],
  [
    'links lead where they say: no address is shortened or sent round',
    'Gmail sender rules: visible, plain links',
    ({ parsed }) => {
      const hosts = hrefs(String(parsed.html)).flatMap(href => URL.parse(href)?.hostname || []);
      expect(hosts.filter(host => !['arxiv.org', 'papers.example.org'].includes(host))).toEqual([]);
    },
  ],
];

/** How HTML is hidden. */
const HIDDEN = /display:\s*none|visibility:\s*hidden|opacity:\s*0(?!\.)|max-height:\s*0/i;

/** What stands in comments for old Outlook alone is no part of the page. */
const withoutOutlook = (html: string) => html.replace(/<!--\[if [^\]]*mso[\s\S]*?<!\[endif\]-->/g, '');
