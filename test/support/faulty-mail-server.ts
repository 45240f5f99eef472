// A mail server that fails as it is told, in a process of its own: started, told what to do, and asked what it took.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Where a dialogue can break: `dot` when the message is whole but not kept, `kept` when only the answer is missing. */
export type Point = 'connect' | 'helo' | 'starttls' | 'mail' | 'rcpt' | 'data' | 'body' | 'dot' | 'kept';

export interface Fault {
  at: Point;
  /** How likely it is each time, from 0 to 1. */
  odds: number;
  /** `drop` closes the connection, `hang` says nothing more, `slow` answers late; anything else is what it answers. */
  act: 'drop' | 'hang' | 'slow' | `${number} ${string}`;
}

/** How the server behaves. */
export interface Plan {
  seed: number;
  faults: readonly Fault[];
  /** Thinks so long about each message before it keeps it, and again before it says so. */
  thinkMs?: number;
  /** Once it has kept so many messages, it takes no other until it is released. */
  holdAfter?: number;
  /** Offers STARTTLS. */
  tls?: boolean;
}

/** A message that the server kept. */
interface Kept {
  to: string;
  messageId: string;
  /** SHA-256 of its bytes. */
  hash: string;
}

/** What the server saw since it was told its plan. */
export interface Seen {
  kept: Kept[];
  /** How often each fault struck, by `point act`. */
  struck: Record<string, number>;
  /** How many messages were begun and never answered, because of a fault. */
  unanswered: number;
}

export type Question = { plan: Plan } | { release: true } | { seen: true };
export type Answer = { port: number } | { ready: true } | { seen: Seen } | { kept: number };

export interface FaultyServer {
  url: string;
  /** Forgets what it saw and behaves like this from now on. */
  behave(plan: Plan): Promise<void>;
  /** Takes messages again after `holdAfter`. */
  release(): Promise<void>;
  /** How many messages it has kept. */
  kept(): number;
  seen(): Promise<Seen>;
  close(): Promise<void>;
}

/** Starts the server on a free port of the loopback; close it when the tests of the file are over. */
export async function faultyMailServer(): Promise<FaultyServer> {
  const script = fileURLToPath(new URL('./faulty-mail-server-process.ts', import.meta.url));
  const child = fork(script, { stdio: 'inherit', execArgv: [] });
  const [first] = (await once(child, 'message')) as [Answer];
  if (!('port' in first)) throw new Error('the mail server did not start');
  let kept = 0;
  child.on('message', (answer: Answer) => {
    if ('kept' in answer) kept = answer.kept;
  });
  return {
    url: `smtp://127.0.0.1:${first.port}`,
    async behave(plan) {
      await ask(child, { plan }, 'ready');
      kept = 0;
    },
    async release() {
      await ask(child, { release: true }, 'ready');
    },
    kept: () => kept,
    seen: async () => (await ask(child, { seen: true }, 'seen')) as Seen,
    async close() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function ask(child: ChildProcess, question: Question, key: 'ready' | 'seen'): Promise<unknown> {
  return new Promise(resolve => {
    const heard = (answer: Answer) => {
      if (!(key in answer)) return;
      child.off('message', heard);
      resolve((answer as Record<string, unknown>)[key]);
    };
    child.on('message', heard);
    child.send(question);
  });
}
