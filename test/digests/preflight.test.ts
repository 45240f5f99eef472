// The last look at a mail before it may go out: what is promised is checked on what its receiver will parse.
import { describe, expect, it } from 'vitest';
import { type Digest, forReader, renderDigest } from '../../src/digests/digest.ts';
import { composeMessage, messageIdOf, type Sender, unsubscribeUrl } from '../../src/digests/message.ts';
import { type MailParts, preflight } from '../../src/digests/preflight.ts';
import type { Edition } from '../../src/editions/edition.ts';
import { readMail } from '../../src/studio/inbox.ts';
import { bigEdition, cutOf, edition, MASTHEAD, paper, shippedTemplates } from './editions.ts';

const templates = await shippedTemplates();
const SENDER: Sender = {
  name: 'Daily Papers',
  address: 'papers@example.org',
  bounceAddress: null,
  publicUrl: 'https://papers.example.org',
};
const TOKEN = `1${'A'.repeat(43)}`;

/** The mail of an edition as its reader gets it. */
async function mailed(of: Edition, sender = SENDER): Promise<{ digest: Digest; mail: MailParts }> {
  const masthead = { ...MASTHEAD, webUrl: sender.publicUrl };
  const digest = renderDigest(cutOf(of), masthead, templates);
  const body = forReader(digest, {
    address: 'ada@example.org',
    unsubscribeUrl: unsubscribeUrl(sender, TOKEN),
  });
  const messageId = messageIdOf('secret', 'one', sender);
  const date = new Date('2026-08-20T07:00:00Z');
  const { bytes } = await composeMessage(
    {
      to: 'ada@example.org',
      messageId,
      date,
      subject: digest.subject,
      ...body,
      edition: digest.date,
      token: TOKEN,
    },
    sender,
  );
  return { digest, mail: await readMail('1', bytes) };
}

const failures = ({ digest, mail }: { digest: Digest; mail: MailParts }) =>
  preflight(digest, mail)
    .checks.filter(({ ok }) => !ok)
    .map(({ name }) => name);

describe('a good mail passes', () => {
  it.each([1, 30, 1_000])('with %i papers', async count => {
    const sent = await mailed(bigEdition(count));
    expect(failures(sent)).toEqual([]);
    expect(preflight(sent.digest, sent.mail).ok).toBe(true);
  });

  it('without web pages', async () => {
    expect(failures(await mailed(bigEdition(5), { ...SENDER, publicUrl: null }))).toEqual([]);
  });

  it.each([
    ['curl(v) and url(x) in CSS', 'We study url(http://example.org) and @import.'],
    ['<img src=x> Considered Harmful', 'A <script> is not run, nor a style="background:url(x)".'],
    ['Templates with {{#each papers}}', 'Braces {{x}} and {{> partial}} are kept.'],
    ['A title    that\u00a0is "quoted" & <odd>', ''],
    [`A title of many words ${'that go on and on '.repeat(20)}`.trim(), ''],
    ['扩散模型 و نماذج 👩‍🔬', ''],
  ])('with a paper named %s', async (title, abstract) => {
    expect(failures(await mailed(edition({ a: [paper({ title, abstract })] })))).toEqual([]);
  });
});

describe('a mail that breaks a promise does not', () => {
  const change = (part: 'html' | 'text', by: (body: string) => string) => (mail: MailParts) => ({
    ...mail,
    [part]: by(mail[part]),
  });
  const insert = (piece: string) => change('html', html => html.replace('</body>', `${piece}</body>`));
  const without = (name: string) => (mail: MailParts) => ({
    ...mail,
    headers: mail.headers.filter(header => header.name.toLowerCase() !== name.toLowerCase()),
  });

  it.each<[string, string, (mail: MailParts) => MailParts]>([
    ['is too large', 'size', insert('x'.repeat(95_000))],
    ['has no text part', 'text part', change('text', () => '')],
    [
      'leaves a paper out of its text part',
      'text part',
      change('text', text => text.replaceAll('Paper 2:', '')),
    ],
    ['has a link that is no web address', 'links', insert('<a href="javascript:alert(1)">x</a>')],
    ['has a link that was taken out', 'links', insert('<a href="#">x</a>')],
    ['has a picture', 'nothing remote', insert('<img src="https://example.org/pixel.gif">')],
    [
      'has a picture as a background',
      'nothing remote',
      insert('<p style="color:red;background:url(https://example.org/x)">x</p>'),
    ],
    [
      'has a picture in a style sheet',
      'nothing remote',
      insert('<style>p{background:url(https://example.org/x)}</style>'),
    ],
    [
      'has a font from elsewhere',
      'nothing remote',
      insert('<style type="text/css">@import "https://example.org/x";</style>'),
    ],
    [
      'has a style sheet from elsewhere',
      'nothing remote',
      insert('<link rel="stylesheet" href="https://example.org/x.css">'),
    ],
    ['has a script', 'nothing remote', insert('<script>x</script>')],
    ['has a mark left over', 'resolved', insert('\ue000address\ue001')],
    [
      'has a mark left over in its text',
      'resolved',
      change('text', text => `${text}\ue000unsubscribeUrl\ue001`),
    ],
    [
      'has one way out only',
      'way out',
      change('html', html => html.replace(/"[^"]*unsubscribe[^"]*"/, '"https://example.org/"')),
    ],
    ...[
      'From',
      'To',
      'Subject',
      'Date',
      'Message-ID',
      'List-Unsubscribe',
      'List-Id',
      'Auto-Submitted',
      'Precedence',
    ].map((name): [string, string, (mail: MailParts) => MailParts] => [
      `has no ${name}`,
      'headers',
      without(name),
    ]),
  ])('when it %s', async (_what, check, broken) => {
    const { digest, mail } = await mailed(bigEdition(3));
    const result = preflight(digest, broken(mail));
    expect(result.ok).toBe(false);
    expect(result.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toContain(check);
  });

  it('when it has no papers', async () => {
    expect(failures(await mailed(edition({})))).toEqual(['not empty']);
  });
});
