// A sendmail program on this machine: Postfix, Exim, msmtp and others bring one. Its exit code is the receipt.
import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { PaperroundError, reasonOf } from '../../errors.ts';
import type { Mailer, Receipt } from './mailer.ts';
import type { SendmailRelay } from './relay-url.ts';

/** sysexits.h(3head): those that speak of the message or its reader. All others speak of the program or of us. */
const EXITS: Record<number, { outcome: Receipt['outcome']; means: string }> = {
  0: { outcome: 'sent', means: 'taken' },
  65: { outcome: 'refused', means: 'EX_DATAERR, the message is not accepted' },
  67: { outcome: 'refused', means: 'EX_NOUSER, nobody has this address' },
  68: { outcome: 'refused', means: 'EX_NOHOST, the domain does not exist' },
  75: { outcome: 'deferred', means: 'EX_TEMPFAIL, not now' },
};

/** Within the lease of a delivery. */
const PATIENCE_MS = 150_000;
/** Of what the program says, so much is kept. */
const WORDS = 500;

/**
 * A mailer that runs the program once for each message, `connections` at once.
 * @param patienceMs how long it may take for one; then it is killed
 */
export function sendmailMailer(
  { path, name }: SendmailRelay,
  connections: number,
  patienceMs = PATIENCE_MS,
): Mailer {
  const running = new Set<ChildProcess>();
  return {
    name,
    connections,
    async check() {
      try {
        await access(path, constants.X_OK);
      } catch (error) {
        throw new PaperroundError('mailer', `The program ${path} cannot be run: ${reasonOf(error)}`, {
          hint: 'Name the sendmail program by its whole path, for example SMTP_URL=sendmail:/usr/sbin/sendmail.',
          cause: error,
        });
      }
    },
    send: ({ envelope: { from, to }, bytes }) =>
      new Promise(resolve => {
        // -i: a line of one dot does not end the message; --: an address that begins with a dash is no option.
        const child = spawn(path, ['-i', '-f', from, '--', to], { stdio: ['pipe', 'ignore', 'pipe'] });
        running.add(child);
        let isPiped = false;
        let said = '';
        const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
        const settle = (receipt: Receipt) => {
          clearTimeout(timer);
          running.delete(child);
          resolve(receipt);
        };
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(0, WORDS);
        });
        child.on('error', error => settle({ outcome: 'unavailable', answer: `${path}: ${reasonOf(error)}` }));
        child.on('close', (code, signal) => settle(receiptOf(code, signal, isPiped, said.trim())));
        // A program that ends without reading says why by its exit code.
        child.stdin.on('error', () => {});
        child.stdin.end(unixLines(bytes), (error?: Error | null) => {
          isPiped = !error;
        });
      }),
    async close() {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

/** Local programs take lines as this system ends them. A message that was composed by us has CRLF alone. */
const unixLines = (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

function receiptOf(code: number | null, signal: string | null, isPiped: boolean, said: string): Receipt {
  if (code === null)
    return { outcome: isPiped ? 'unknown' : 'unavailable', answer: told(`ended by ${signal}`, said) };
  const { outcome, means } = EXITS[code] ?? { outcome: 'unavailable', means: 'see sysexits.h' };
  // A program that did not want to hear the end of it has not taken it.
  if (outcome === 'sent' && !isPiped)
    return { outcome: 'unavailable', answer: told('exit 0 before the message was read', said) };
  return { outcome, answer: told(`exit ${code}: ${means}`, said) };
}

const told = (what: string, said: string) => (said === '' ? what : `${what}: ${said}`);
