// Sending, for docs/performance.md: personal mails of 30 kB into a fast sink, by ways of composing and handing them over.
import { fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import nodemailer from 'nodemailer';
import { openDkim } from '../src/delivery/dkim.ts';
import { smtpMailer } from '../src/delivery/mailer/smtp.ts';
import { compile, type Sender, write } from '../src/digests/message.ts';
import { joined, type Piece } from '../src/digests/mime-parts.ts';

const [CONNECTIONS, RUNS] = [10, 5];
const SENDER: Sender = {
  name: 'Daily Papers',
  address: 'papers@papers.example.org',
  bounceAddress: 'papers@papers.example.org',
  publicUrl: 'https://papers.example.org',
};
const PAPER = `<div class="paper"><h3><a href="https://arxiv.org/abs/2608.01234">A survey of séance models for long texts</a></h3>
  <p class="by">Ada Lovelace, Émilie du Châtelet, Srinivasa Ramanujan · 123 votes</p>
  <p>${'We show that a model which reads less writes better, and say why it does so in ten languages. '.repeat(8)}</p></div>\n`;
const foot = (end: string): Piece[] => [
  'Sent to ',
  { slot: 'address' },
  '. Leave: ',
  { slot: 'unsubscribeUrl' },
  ' · choose: ',
  { slot: 'preferencesUrl' },
  end,
];
const HTML: Piece[] = [
  `<!doctype html><html><body>${PAPER.repeat(Math.round(29_500 / Buffer.byteLength(PAPER)))}<p>`,
  ...foot('</p></body></html>\n'),
];
const TEXT: Piece[] = [`Daily Papers\n\n${PAPER.replace(/<[^>]*>/g, '').repeat(8)}`, ...foot('\n')];

const pem = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;
const edPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const seal = (keys: string) =>
  openDkim({ keys, selectors: 'bench', domain: 'papers.example.org' }, SENDER.address).seal;
const seals = { rsa: seal(pem), ed25519: seal(edPem) };

/** What every way is given of one reader. */
function letter(n: number) {
  const [id, to] = [String(n).padStart(8, '0'), `reader${n}@list.example.net`];
  const token = `1${id.repeat(5)}abc`;
  return {
    to,
    messageId: `<${id.repeat(3)}abc@papers.example.org>`,
    date: new Date(1_787_000_000_000),
    token,
    parts: {
      address: to,
      unsubscribeUrl: `${SENDER.publicUrl}/unsubscribe/${token}`,
      preferencesUrl: `${SENDER.publicUrl}/preferences/${token}`,
    },
  };
}

/** A way to send; `send` resolves when the server has answered. */
interface Way {
  name: string;
  open(port: number): { send(n: number): Promise<unknown>; close(): unknown };
}

const pooled = (port: number, dkim?: object) =>
  nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
    ...(dkim ? { dkim } : {}),
  } as Parameters<typeof nodemailer.createTransport>[0]);

/** The content of one mail, as nodemailer composes it. */
function content(n: number) {
  const { token, parts, ...own } = letter(n);
  const web = `${SENDER.publicUrl}/unsubscribe/${token}`;
  return {
    ...own,
    from: { name: SENDER.name, address: SENDER.address },
    subject: 'Ferry and 12 more · 20 Aug',
    html: joined(HTML, parts, 'html'),
    text: joined(TEXT, parts, 'text'),
    textEncoding: 'quoted-printable' as const,
    headers: {
      'List-Id': '<digest.papers.example.org>',
      'List-Unsubscribe': `<${web}>, <mailto:${SENDER.address}?subject=unsubscribe%20${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-Help': `<${SENDER.publicUrl}/>`,
      'Auto-Submitted': 'auto-generated',
      Precedence: 'bulk',
      'Feedback-ID': '2026-08-20:digest:daily:paperround',
    },
  };
}

const composing = (name: string, dkim?: object): Way => ({
  name,
  open(port) {
    const transport = pooled(port, dkim);
    return { send: n => transport.sendMail(content(n)), close: () => transport.close() };
  },
});

/** Composed one by one into bytes, and handed to the pool as they are: what Paperround did before. */
const rawAfterComposing: Way = {
  name: 'composed each, handed over as bytes',
  open(port) {
    const transport = pooled(port);
    return {
      async send(n) {
        const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
        const raw = await new MailComposer({ ...content(n), newline: 'windows' }).compile().build();
        return transport.sendMail({ envelope: { from: SENDER.address, to: letter(n).to }, raw });
      },
      close: () => transport.close(),
    };
  },
};

const spliced = (name: string, kind?: keyof typeof seals): Way => ({
  name,
  open(port) {
    const mailer = smtpMailer(`smtp://127.0.0.1:${port}`, CONNECTIONS);
    const compiled = compile(
      { subject: 'Ferry and 12 more · 20 Aug', edition: '2026-08-20', html: HTML, text: TEXT },
      SENDER,
    );
    return {
      async send(n) {
        const message = write(compiled, letter(n), SENDER, kind === undefined ? null : seals[kind]);
        const { outcome, answer } = await mailer.send(message);
        if (outcome !== 'sent') throw new Error(answer);
      },
      close: () => mailer.close(),
    };
  },
});

const dkim = { domainName: 'papers.example.org', keySelector: 'bench', privateKey: pem };
const WAYS: [Way, number][] = [
  [composing('nodemailer’s pool, composing each'), 600],
  [rawAfterComposing, 600],
  [spliced('Paperround'), 6000],
  [composing('nodemailer’s pool, its own DKIM (RSA-2048)', dkim), 400],
  [spliced('Paperround, DKIM by RSA-2048', 'rsa'), 2000],
  [spliced('Paperround, DKIM by Ed25519', 'ed25519'), 4000],
];

async function measure(way: Way, count: number): Promise<{ rate: number; cpu: number }> {
  const sink = fork(fileURLToPath(new URL('delivery-sink.ts', import.meta.url)));
  const said = () => new Promise<number>(resolve => sink.once('message', n => resolve(n as number)));
  const { send, close } = way.open(await said());
  let next = 0;
  const run = (end: number) =>
    Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (next < end) await send(next++);
      }),
    );
  const warm = Math.round(count / 5);
  await run(warm);
  const [from, used] = [performance.now(), process.cpuUsage()];
  await run(warm + count);
  const [seconds, { user, system }] = [(performance.now() - from) / 1000, process.cpuUsage(used)];
  await close();
  const counted = said();
  sink.send('count');
  if ((await counted) !== warm + count) throw new Error(`${way.name}: the sink counted otherwise`);
  sink.disconnect();
  return { rate: count / seconds, cpu: (user + system) / count };
}

const figures = WAYS.map(() => [] as { rate: number; cpu: number }[]);
for (let run = 0; run < RUNS; run++)
  for (const [n, [way, count]] of WAYS.entries()) figures[n]?.push(await measure(way, count));

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const bytes = write(
  compile({ subject: 'x', edition: '2026-08-20', html: HTML, text: TEXT }, SENDER),
  letter(1),
  SENDER,
).bytes.length;
console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}`);
console.log(
  `${CONNECTIONS} connections, ${Buffer.byteLength(joined(HTML, letter(1).parts, 'html'))} bytes of HTML, ${bytes} of message\n`,
);
console.log(
  '| | messages a second (of all runs) | CPU a message | rate ÷ first | rate ÷ same with DKIM |\n|---|---|---|---|---|',
);
const rates = figures.map(runs => median(runs.map(({ rate }) => rate)));
for (const [n, [way]] of WAYS.entries()) {
  const runs = figures[n] ?? [];
  const all = runs.map(({ rate }) => Math.round(rate)).sort((a, b) => a - b);
  const cpu = Math.round(median(runs.map(one => one.cpu)));
  const ratio = (base: number) => ((rates[n] ?? 0) / (rates[base] ?? 1)).toFixed(1);
  console.log(
    `| ${way.name} | ${Math.round(rates[n] ?? 0)} (${all[0]}–${all.at(-1)}) | ${cpu} µs | ${ratio(0)} | ${n < 3 ? '' : ratio(3)} |`,
  );
}
