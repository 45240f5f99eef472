// The process of the mail server that fails as it is told: SMTP in raw bytes (RFC 5321), nothing of a library's in between.
import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { certificate } from './certificate.ts';
import type { Answer, Plan, Point, Question, Seen } from './faulty-mail-server.ts';
import { seeded } from './seeded.ts';

const SLOW_MS = 400;
const MARK = Buffer.from('\r\n.\r\n');

let plan: Plan = { seed: 1, faults: [] };
let random = seeded(plan.seed);
let seen: Seen = { kept: [], struck: {}, unanswered: 0 };
let gate = Promise.withResolvers<void>();
let { privateKey, pem }: Partial<ReturnType<typeof certificate>> = {};

const tell = (answer: Answer) => process.send?.(answer);

/** What comes in, up to a mark. */
function reader(socket: Socket) {
  const chunks = socket[Symbol.asyncIterator]();
  let pending: Buffer = Buffer.alloc(0);
  return {
    /** Waits for anything at all. */
    async some(): Promise<boolean> {
      if (pending.length > 0) return true;
      const { value, done } = await chunks.next();
      if (!done) pending = value as Buffer;
      return !done;
    },
    /** The bytes before the next `mark`; null when the connection ended before it. */
    async until(mark: Buffer | string): Promise<Buffer | null> {
      for (let from = 0; ; ) {
        const end = pending.indexOf(mark, from);
        if (end >= 0) {
          const found = pending.subarray(0, end);
          pending = pending.subarray(end + mark.length);
          return found;
        }
        from = Math.max(0, pending.length - mark.length);
        const { value, done } = await chunks.next();
        if (done) return null;
        pending = Buffer.concat([pending, value as Buffer]);
      }
    },
  };
}

/** The faults that strike at one point of a dialogue, by chance. @returns what is left to do there */
async function strike(socket: Socket, at: Point): Promise<'go on' | 'answered' | 'over'> {
  for (const fault of plan.faults) {
    if (fault.at !== at || random() >= fault.odds) continue;
    const name = `${at} ${fault.act}`;
    seen.struck[name] = (seen.struck[name] ?? 0) + 1;
    if (fault.act === 'slow') await wait(SLOW_MS);
    else if (fault.act === 'hang') return 'over';
    else if (fault.act === 'drop') {
      socket.destroy();
      return 'over';
    } else {
      socket.write(`${fault.act}\r\n`);
      // RFC 5321 §3.8: 421 ends the connection.
      if (!fault.act.startsWith('421')) return 'answered';
      socket.end();
      return 'over';
    }
  }
  return 'go on';
}

/** One connection. Returns when it is over, or will say nothing more. */
async function converse(plain: Socket): Promise<void> {
  let socket = plain;
  let incoming = reader(socket);
  const say = (line: string) => socket.write(`${line}\r\n`);
  const point = (at: Point) => strike(socket, at);
  let to = '';
  if ((await point('connect')) !== 'go on') return;
  say('220 chaos.test ESMTP');
  for (let line = await incoming.until('\r\n'); line !== null; line = await incoming.until('\r\n')) {
    const text = line.toString('latin1');
    const verb = text.slice(0, 4).toUpperCase();
    let next: Awaited<ReturnType<typeof strike>> = 'go on';
    if (verb === 'EHLO' || verb === 'HELO') {
      next = await point('helo');
      const offers = plan.tls && !(socket instanceof TLSSocket) ? '250-STARTTLS\r\n' : '';
      if (next === 'go on') say(`250-chaos.test\r\n${offers}250 8BITMIME`);
    } else if (verb === 'STAR') {
      say('220 go ahead');
      next = await point('starttls');
      if (next === 'go on') {
        socket = await encrypted(socket);
        incoming = reader(socket);
      }
    } else if (verb === 'MAIL') {
      next = await point('mail');
      if (next === 'go on') say('250 ok');
    } else if (verb === 'RCPT') {
      next = await point('rcpt');
      to = /<([^>]*)>/.exec(text)?.[1] ?? '';
      if (next === 'go on') say('250 ok');
    } else if (verb === 'DATA') {
      next = await point('data');
      if (next === 'go on') {
        say('354 go on');
        next = await take(socket, incoming, to);
      }
    } else if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
      return;
    } else say('250 ok');
    if (next === 'over') return;
  }
}

/** Takes one message and answers, or does not. */
async function take(socket: Socket, incoming: ReturnType<typeof reader>, to: string) {
  if (!(await incoming.some())) return 'over';
  const unanswered = (next: Awaited<ReturnType<typeof strike>>) => {
    if (next === 'over') seen.unanswered++;
    return next;
  };
  if ((await strike(socket, 'body')) === 'over') return unanswered('over');
  const bytes = await incoming.until(MARK);
  // The sender died in the middle of it: nothing was sent.
  if (bytes === null) return 'over';
  if (plan.thinkMs) await wait(plan.thinkMs);
  if (seen.kept.length >= (plan.holdAfter ?? Number.POSITIVE_INFINITY)) await gate.promise;
  const before = unanswered(await strike(socket, 'dot'));
  if (before !== 'go on') return before;
  const head = bytes.subarray(0, bytes.indexOf('\r\n\r\n')).toString('latin1');
  seen.kept.push({
    to,
    messageId: /^message-id:\s*(\S+)/im.exec(head)?.[1] ?? '',
    hash: createHash('sha256').update(bytes).digest('hex'),
  });
  tell({ kept: seen.kept.length });
  if (plan.thinkMs) await wait(plan.thinkMs);
  const after = unanswered(await strike(socket, 'kept'));
  if (after === 'go on') socket.write('250 kept\r\n');
  return after;
}

async function encrypted(socket: Socket): Promise<TLSSocket> {
  if (privateKey === undefined) ({ privateKey, pem } = certificate());
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const secure = new TLSSocket(socket, { isServer: true, key, cert: pem as string });
  secure.on('error', () => {});
  return secure;
}

const server = createServer({ noDelay: true }, socket => {
  socket.on('error', () => {});
  // A connection that breaks is the point of it all.
  converse(socket).catch(() => {});
});

process.on('message', (question: Question) => {
  if ('seen' in question) return void tell({ seen });
  if ('release' in question) gate.resolve();
  else {
    plan = question.plan;
    random = seeded(plan.seed);
    seen = { kept: [], struck: {}, unanswered: 0 };
    gate = Promise.withResolvers();
  }
  tell({ ready: true });
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) tell({ port: address.port });
});
