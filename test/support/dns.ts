// A real DNS server for tests, on loopback: it answers over UDP from a table of records (RFC 1035 §4), NXDOMAIN to the rest.
import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** Records by `TYPE name`: addresses, texts, `10 mail.example.org` for MX, names for PTR. */
export type Zone = Record<string, string[]>;

const TYPES: Record<number, string> = { 1: 'A', 5: 'CNAME', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA' };
const NXDOMAIN = 3;

const uint16 = (n: number) => Buffer.from([n >> 8, n & 255]);
const labels = (name: string) =>
  Buffer.concat([
    ...name.split('.').map(label => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);

/** What a record holds, as bytes. */
function dataOf(type: string, value: string): Buffer {
  if (type === 'A') return Buffer.from(value.split('.').map(Number));
  if (type === 'PTR') return labels(value);
  if (type === 'MX') {
    const [preference = '', name = ''] = value.split(' ');
    return Buffer.concat([uint16(Number(preference)), labels(name)]);
  }
  if (type !== 'TXT') throw new Error(`no ${type} in the tests`);
  // A text is made of strings of at most 255 bytes.
  const parts = value.match(/.{1,255}/gs) ?? [''];
  return Buffer.concat(parts.map(part => Buffer.from([part.length, ...Buffer.from(part)])));
}

/** The name and the type that are asked for, and where the question ends. */
function questionIn(query: Buffer): { name: string; type: string; end: number } {
  const words: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    words.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: words.join('.').toLowerCase(), type: TYPES[query.readUInt16BE(at + 1)] ?? '', end: at + 5 };
}

function answerTo(query: Buffer, zone: Zone): Buffer {
  const { name, type, end } = questionIn(query);
  const values = zone[`${type} ${name}`] ?? [];
  const isThere = Object.keys(zone).some(key => key.endsWith(` ${name}`));
  // An answer, authoritative, recursion available; the name is a pointer to the question.
  const flags = 0x8580 | (isThere ? 0 : NXDOMAIN);
  const records = values.map(value => {
    const data = dataOf(type, value);
    const head = Buffer.from([0xc0, 12, ...query.subarray(end - 4, end), 0, 0, 0, 60]);
    return Buffer.concat([head, uint16(data.length), data]);
  });
  const counts = [1, values.length, 0, 0].map(uint16);
  return Buffer.concat([query.subarray(0, 2), uint16(flags), ...counts, query.subarray(12, end), ...records]);
}

/** Starts it on a free port; closed when the test ends. The zone may be changed meanwhile. */
export async function dnsServer(zone: Zone): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => socket.send(answerTo(query, zone), port, address));
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>(resolve => socket.close(() => resolve())));
  return `127.0.0.1:${socket.address().port}`;
}
