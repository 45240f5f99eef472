// The log of what runs by itself: lines for people, or one JSON document a line for machines. No address and no secret is in its facts.
import type { Settings } from './config.ts';
import type { SendRequest } from './delivery/deliver.ts';
import { traceOf } from './editions/morning.ts';
import { type Clock, type Day, type Db, instantText } from './store/schema.ts';

/** What a line tells, for machines: a day's trace, an edition, counts. */
export type Facts = Readonly<Record<string, unknown>>;

export interface Log {
  /** A step and what came of it; `failed` where somebody has to look. */
  step(line: string, failed?: boolean, facts?: Facts): void;
  /** What is of use only to who looks for something: each attempt to hand over a message. */
  detail(line: string, facts: Facts): void;
}

/**
 * Opens the log.
 * @param write takes one line without its end
 * @param stamped each line for people begins with its instant; lines for machines always have it
 */
export async function openLog(
  { logFormat, logLevel }: Pick<Settings, 'logFormat' | 'logLevel'>,
  {
    clock,
    write,
    stamped,
  }: { clock: Clock; write: (line: string, failed: boolean) => void; stamped: boolean },
): Promise<Log> {
  if (logFormat === 'json') return forMachines(logLevel, clock, write);
  const at = () => (stamped ? `${instantText(clock())} ` : '');
  return {
    step(line, failed = false) {
      if (failed || logLevel !== 'error') write(`${at()}${line}`, failed);
    },
    detail(line) {
      if (logLevel === 'debug') write(`${at()}${line}`, false);
    },
  };
}

/** Pino is loaded only where it is asked for. */
async function forMachines(
  level: Settings['logLevel'],
  clock: Clock,
  write: (line: string, failed: boolean) => void,
): Promise<Log> {
  const { default: pino } = await import('pino');
  const log = pino(
    {
      level,
      timestamp: () => `,"time":"${instantText(clock())}"`,
      formatters: { level: label => ({ level: label }) },
    },
    { write: line => write(line.trimEnd(), true) },
  );
  return {
    step(line, failed = false, facts = {}) {
      if (failed) log.error(facts, line);
      else log.info(facts, line);
    },
    detail: (line, facts) => log.debug(facts, line),
  };
}

/** What writes each attempt down as a detail: by ids, never by an address. */
export function attemptsIn(log: Log, db: Db): NonNullable<SendRequest['onAttempt']> {
  const traces = new Map<Day, Promise<string | null>>();
  return ({ id, subscriber_id: subscriber, edition_date: edition, attempts }, outcome) => {
    // A line without its trace is better than none.
    const trace = traces.get(edition) ?? traceOf(db, edition).catch(() => null);
    traces.set(edition, trace);
    void trace.then(found =>
      log.detail(`deliver: delivery ${id}, attempt ${attempts}: ${outcome}`, {
        trace: found,
        step: 'attempt',
        ...{ edition, delivery: id, subscriber, attempt: attempts, outcome },
      }),
    );
  };
}
