// Sending, for docs/performance.md: personal mails of 30 kB, each claimed and settled in the ledger, beside what others do.
// `node bench/delivery.ts --million` measures the memory with a million readers; `--plan` with the planning.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILT_CLI, median, run } from './command.ts';
import { measureSync } from './delivery-disk.ts';
import { addReaders, DATE, digestOf, furnish, openRoom, settingsOf, writeFor } from './delivery-room.ts';
import { type Figures, send } from './delivery-run.ts';
import type { Task } from './delivery-sender.ts';
import { fastSink, hasPostfix, type Sink, smtpSink, smtpSource } from './delivery-sinks.ts';

const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const CONNECTIONS = 10;
const READERS = 8000;

const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
const room = join(folder, 'room');
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const edKey = generateKeyPairSync('ed25519').privateKey;
const dkim = (of: typeof key) => ({
  DKIM_KEY: of.export({ type: 'pkcs8', format: 'pem' }).toString(),
  DKIM_SELECTOR: 'bench',
});

/** A row of a table: who sends how many mails. */
interface Row extends Pick<Task, 'way' | 'count'> {
  name: string;
  env?: Record<string, string>;
  processes?: number;
  connections?: number;
}

const composing: Row = { name: 'nodemailer’s pool, composing each', way: 'composing', count: 600 };
const paperround: Row = { name: 'Paperround', way: 'paperround', count: 6000 };
const OTHERS: Row[] = [
  composing,
  { name: 'the same, told to use quoted-printable', way: 'told', count: 600 },
  { name: 'email-templates, rendering each', way: 'email-templates', count: 200 },
  { name: 'react-email, rendering each', way: 'react-email', count: 200 },
];
const SIGNED: Row[] = [
  { name: 'nodemailer’s pool, its own DKIM (RSA-2048)', way: 'dkim', count: 400, env: dkim(key) },
  { ...paperround, name: 'Paperround, DKIM by RSA-2048', count: 4000, env: dkim(key) },
  { ...paperround, name: '… two processes', count: 4000, env: dkim(key), processes: 2 },
  { ...paperround, name: 'Paperround, DKIM by Ed25519', count: 4000, env: dkim(edKey) },
];

/** Rows take turns, `RUNS` times. @returns the figures of each */
async function takeTurns(rows: readonly Row[], openSink: () => Promise<Sink>, file?: string) {
  const figures = rows.map(() => [] as Figures[]);
  const source: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    if (file !== undefined) {
      const sink = await openSink();
      source.push(await smtpSource(sink.port, file, { connections: CONNECTIONS, count: 6000 }));
      sink.close();
    }
    for (const [n, { name, ...row }] of rows.entries()) {
      const sink = await openSink();
      figures[n]?.push(await send(room, sink, { connections: CONNECTIONS, ...row }));
      sink.close();
    }
  }
  return { figures, source };
}

const rateOf = (figures: readonly Figures[]) => median(figures.map(({ rate }) => rate));
const cpuOf = (figures: readonly Figures[]) => median(figures.map(({ cpu }) => cpu));

function heading(title: string): void {
  console.log(`\n${title}\n`);
  console.log('| | messages a second (of all runs) | CPU a message | rate ÷ composing | CPU, composing ÷ |');
  console.log('|---|---|---|---|---|');
}

function line(name: string, rates: readonly number[], cpu: number | null, base: Base): void {
  const sorted = rates.map(Math.round).sort((a, b) => a - b);
  const rate = median([...rates]);
  const cells = [
    name,
    `${Math.round(rate)} (${sorted[0]}–${sorted.at(-1)})`,
    cpu === null ? '' : `${Math.round(cpu)} µs`,
    (rate / base.rate).toFixed(1),
    cpu === null ? '' : (base.cpu / cpu).toFixed(1),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

interface Base {
  rate: number;
  cpu: number;
}

async function table(title: string, rows: readonly Row[], openSink: () => Promise<Sink>, file?: string) {
  const { figures, source } = await takeTurns(rows, openSink, file);
  const first = figures[0] ?? [];
  const base = { rate: rateOf(first), cpu: cpuOf(first) };
  heading(title);
  for (const [n, { name }] of rows.entries())
    line(
      name,
      (figures[n] ?? []).map(({ rate }) => rate),
      cpuOf(figures[n] ?? []),
      base,
    );
  if (source.length > 0) line('smtp-source, one message for all', source, null, base);
  return {
    rate: (row: Row) => rateOf(figures[rows.indexOf(row)] ?? []),
    cpu: (row: Row) => cpuOf(figures[rows.indexOf(row)] ?? []),
    source: source.length > 0 ? median(source) : null,
  };
}

/** 20 ms from the relay: two round trips a message, whoever sends. */
async function distance(): Promise<string[]> {
  const lines = [];
  for (const [connections, count] of [
    [10, 1000],
    [50, 3000],
    [100, 5000],
  ] as const) {
    const sink = await fastSink(20);
    const { rate } = await send(room, sink, { way: 'paperround', connections, count });
    sink.close();
    const limit = connections / 0.04;
    lines.push(
      `| ${connections} | ${Math.round(rate)} | ${limit} | ${((rate / limit) * 100).toFixed(0)} % |`,
    );
  }
  return lines;
}

/** `paperround send`, as the package that is published has it. @returns what was planned before is sent */
async function memory(readers: number, plan: boolean): Promise<string> {
  const own = join(folder, `readers-${readers}`);
  await furnish(own);
  const app = await openRoom(settingsOf(own, 1));
  await addReaders(app, readers, !plan);
  // Compiled templates: loading MJML takes more memory than sending.
  await app.desk();
  await app.close();
  const sink = await fastSink();
  const env = settingsOf(own, sink.port, { SMTP_CONNECTIONS: String(CONNECTIONS) });
  const { memory, cpu, wall } = await run(['send', '--date', DATE, '--yes'], env, BUILT_CLI);
  const sent = await sink.count();
  if (sent !== readers) throw new Error(`${sent} of ${readers} were sent`);
  sink.close();
  rmSync(own, { recursive: true });
  return `| ${readers} readers | ${Math.round(memory)} MB | ${(wall / 1000).toFixed(1)} s | ${((cpu * 1000) / readers).toFixed(0)} µs |`;
}

await furnish(room);
const app = await openRoom(settingsOf(room, 1));
const { desk, digest } = await digestOf(app);
await addReaders(app, READERS);
await app.close();
const { html, bytes } = await writeFor(desk, digest, 1);
const file = join(folder, 'message.eml');
writeFileSync(file, bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}`);
console.log(
  `${Buffer.byteLength(html)} bytes of HTML, ${bytes.length} of message, ${CONNECTIONS} connections`,
);
console.log(`load ${loadavg().map(Math.round).join(' ')}, one fdatasync ${measureSync(folder)} ms`);
const withPostfix = hasPostfix();
if (!withPostfix) console.log('Postfix’s smtp-sink and smtp-source are not installed: without their rows.');
const toPostfix = withPostfix
  ? await table('Into Postfix’s smtp-sink', [composing, paperround], smtpSink, file)
  : null;
const fast = await table(
  'Into a fast sink',
  [...OTHERS, paperround],
  fastSink,
  withPostfix ? file : undefined,
);
const signed = await table('Into a fast sink, signed', SIGNED, fastSink);
console.log('\n20 ms from the relay\n\n| connections | messages a second | limit | |\n|---|---|---|---|');
for (const text of await distance()) console.log(text);
const [own, alone, two] = SIGNED as [Row, Row, Row, Row];
const aims: [string, string, number | null][] = [
  [
    'rate ÷ nodemailer composing, into smtp-sink',
    '≥ 8',
    toPostfix && toPostfix.rate(paperround) / toPostfix.rate(composing),
  ],
  ['rate ÷ nodemailer composing, into a fast sink', '≥ 14', fast.rate(paperround) / fast.rate(composing)],
  [
    'rate ÷ smtp-source, into smtp-sink',
    '≥ 0.85',
    toPostfix && toPostfix.rate(paperround) / (toPostfix.source ?? 1),
  ],
  ['CPU a message, µs', '≤ 200', fast.cpu(paperround)],
  ['with RSA-2048 ÷ nodemailer’s own DKIM', '≥ 5.5', signed.rate(alone) / signed.rate(own)],
  ['two processes ÷ one, with RSA-2048', '≥ 1.5', signed.rate(two) / signed.rate(alone)],
];
console.log('\n| figure | aim | reached |\n|---|---|---|');
for (const [figure, aim, reached] of aims)
  console.log(
    `| ${figure} | ${aim} | ${reached === null ? 'not measured' : reached.toFixed(reached < 100 ? 2 : 0)} |`,
  );
console.log('\n| the whole command | peak memory | | CPU a message |\n|---|---|---|---|');
execFileSync('npm', ['run', '--silent', 'build'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
});
const plan = process.argv.includes('--plan');
for (const readers of [10_000, process.argv.includes('--million') ? 1_000_000 : 100_000])
  console.log(await memory(readers, plan));
rmSync(folder, { recursive: true });
