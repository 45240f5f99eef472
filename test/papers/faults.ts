// The faults that a host can have, as a loopback server shows them, and what an operator should read of each.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { reply } from '../support/http.ts';

/** What a faulty host knows: the list that it should send, the question, and a host that works. */
interface Asked {
  good: string;
  path: string;
  number: number;
  elsewhere: string;
}

export interface Fault {
  answer?: (response: ServerResponse, asked: Asked) => unknown;
  /** Where the source is asked instead of the faulty host. */
  at?: () => Promise<string>;
  /** What the operator reads; without it, all is well. `json` where Daily Papers reads something else. */
  error?: RegExp;
  json?: RegExp;
  /** Whether the papers before the fault can be kept. */
  keeps?: 'some' | 'xml only';
  limits?: { requestMs: number; retryForMs: number };
}

const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    reply(response, code, 'Sorry', headers);

/** A little more than the first half, so that it ends inside a paper. */
const half = (text: string) => text.slice(0, text.length * 0.55);
const doctype = (words: string, good: string) =>
  `<?xml version="1.0"?>\n<!DOCTYPE rss ${words}>\n${good.replace(/^<\?xml.*\?>\n/, '')}`;
/** The same, with its entity in the first title. */
const entities = (declarations: string, good: string) =>
  doctype(`[${declarations}]`, good.replace('<title>', '<title>&x;'));

const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY x${i} "${`&x${i + 1};`.repeat(10)}">`).join('');

/** Bytes of all kinds but line breaks and `<`, which might make a text of them. */
const noise = Buffer.concat(
  Array.from({ length: 64 }, (_, i) => createHash('sha256').update(`${i}`).digest()),
).map(byte => ([10, 13, 60].includes(byte) ? 0 : byte));

/** Writes what is there and lets the other end read it, before the connection goes. */
async function breakOff(response: ServerResponse, text: string, end: 'reset' | 'close'): Promise<void> {
  await new Promise(resolve => response.write(text, resolve));
  for (let turns = 0; turns < 100; turns++) await turn();
  if (end === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.destroy();
}

/** Where somebody has just left. */
async function closedPort(): Promise<string> {
  const left = createServer().listen(0, '127.0.0.1');
  await once(left, 'listening');
  const { port } = left.address() as AddressInfo;
  left.close();
  await once(left, 'close');
  return `http://127.0.0.1:${port}`;
}

function endless(response: ServerResponse, text: string): void {
  let isOver = false;
  response.on('close', () => {
    isOver = true;
  });
  const more = () => {
    while (!isOver && response.write(text));
    if (!isOver) response.once('drain', more);
  };
  more();
}

const BUSY = /answered 429 \(Too Many Requests\)/;
const ENTITIES = /line \d+: the document declares entities of its own/;
const TRUNCATED = /the document ends inside/;
const WEB_PAGE = /this is a web page/;

export const FAULTS: Record<string, Fault> = {
  'is busy, and says to come back in 7 s': {
    answer: (response, { number, good }) =>
      number === 1 ? status(429, { 'retry-after': '7' })(response) : reply(response, 200, good),
  },
  'is busy, and says to come back in an hour': {
    answer: status(429, { 'retry-after': '3600' }),
    error: /429 \(Too Many Requests\) and asks to be left alone until 2026-05-12T\d\d:\d\d:\d\dZ$/,
  },
  'is busy, and does not say for how long': { answer: status(429), error: BUSY },
  'answers 500': { answer: status(500), error: /answered 500 \(Internal Server Error\) \(asked 2 times\)$/ },
  'answers 503, and then its papers': {
    answer: (response, { number, good }) =>
      number === 1 ? status(503)(response) : reply(response, 200, good),
  },
  'answers 406': { answer: status(406), error: /answered 406 \(Not Acceptable\)$/ },
  'answers 404': { answer: status(404), error: /answered 404 \(Not Found\)$/ },
  'answers 403': { answer: status(403), error: /answered 403 \(Forbidden\)$/ },
  'resets the connection in mid-body': {
    answer: (response, { good }) => breakOff(response.writeHead(200), half(good), 'reset'),
    error: /the connection was reset/,
    keeps: 'some',
  },
  'closes the connection before the end it announced': {
    answer: (response, { good }) =>
      breakOff(response.writeHead(200, { 'content-length': Buffer.byteLength(good) }), half(good), 'close'),
    error: /the connection was closed too early/,
    keeps: 'some',
  },
  'drips for ever': {
    answer: (response, { good }) => {
      response.write(half(good));
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    },
    limits: { requestMs: 800, retryForMs: 200 },
    error: /timed out after 0\.8 s/,
    keeps: 'some',
  },
  'gives its papers a wrong type': {
    answer: (response, { good }) => reply(response, 200, good, { 'content-type': 'image/png' }),
  },
  'sends half a list as a whole answer': {
    answer: (response, { good }) => reply(response, 200, half(good)),
    error: TRUNCATED,
    json: /line 1: not valid JSON: the file ends too early; is it truncated\?$/,
    keeps: 'xml only',
  },
  'sends a list that never ends': {
    answer: (response, { good }) => {
      response.write(half(good));
      endless(response, ' and more'.repeat(1_000));
    },
    error: /larger than 300 kB/,
    keeps: 'some',
  },
  'sends a gzip bomb': {
    answer: (response, { good }) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(half(good) + ' '.repeat(20_000_000))),
    error: /larger than 300 kB/,
    keeps: 'some',
  },
  'sends a billion laughs': {
    answer: (response, { good }) => reply(response, 200, entities(`${laughs}<!ENTITY x "&x0;">`, good)),
    error: ENTITIES,
  },
  'sends an entity that is a file of ours': {
    answer: (response, { good }) =>
      reply(response, 200, entities('<!ENTITY x SYSTEM "file:///etc/passwd">', good)),
    error: ENTITIES,
  },
  'sends an entity that is a host of ours': {
    answer: (response, { good, elsewhere }) =>
      reply(response, 200, entities(`<!ENTITY % y SYSTEM "${elsewhere}/y"> %y;`, good)),
    error: ENTITIES,
  },
  'names a host of ours that describes its format': {
    answer: (response, { good, elsewhere }) =>
      reply(response, 200, doctype(`SYSTEM "${elsewhere}/x.dtd"`, good)),
    json: /no element stands there/,
  },
  'redirects in a circle': {
    answer: (response, { path }) => reply(response, 302, '', { location: path }),
    error: /redirects in a circle/,
  },
  'redirects without end': {
    answer: (response, { number }) => reply(response, 302, '', { location: `/${number}` }),
    error: /redirects more than 5 times/,
  },
  'redirects to a file': {
    answer: response => reply(response, 302, '', { location: 'file:///etc/passwd' }),
    error: /redirects to a file: address; only http: and https: are followed/,
  },
  'redirects to a host that works': {
    answer: (response, { path, elsewhere }) => reply(response, 307, '', { location: `${elsewhere}${path}` }),
  },
  'has a name that nobody knows': {
    at: async () => 'http://papers.invalid',
    error:
      /cannot be reached: (?:no host of this name was found|the name of the host could not be looked up)/,
  },
  'is not there': {
    at: closedPort,
    error: /cannot be reached: the connection was refused \(asked 2 times\)$/,
  },
  'answers with nothing': {
    answer: response => reply(response, 200, ''),
    error: /line 1: no element stands there|the format is not known: it is empty/,
  },
  'answers with a web page': {
    answer: response =>
      reply(response, 200, '<!doctype html>\n<html><title>Log in</title><p>Log in & go</html>', {
        'content-type': 'text/html',
      }),
    error: WEB_PAGE,
  },
  'answers with noise': {
    answer: response => response.writeHead(200).end(noise),
    error: /line 1: no element stands there|the format is not known: it starts with/,
  },
  'answers 204': {
    answer: response => response.writeHead(204).end(),
    error: /line 1: no element stands there|the format is not known: it is empty/,
  },
};
