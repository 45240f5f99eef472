// Processes a pile of mails: reads each, writes down what it reports, and counts what came of all.
import type { BounceTable } from '../../store/schema.ts';
import type { Taken } from './intake.ts';
import { type Recorded, type Recording, recordReport } from './record.ts';
import { readReport } from './report.ts';
import { leaveByMail } from './way-out.ts';

/** What came of one mail, or of one reader whom it names. */
export interface Processed extends Omit<Recorded, 'outcome'> {
  where: string;
  outcome: Recorded['outcome'] | 'left' | 'no report' | 'unreadable';
  reason?: string;
}

/** What came of a pile of mails. `hard` to `complaint` count what was recorded now; a mail may name several readers. */
export interface ProcessReport {
  mails: number;
  hard: number;
  soft: number;
  block: number;
  complaint: number;
  /** How many readers are suppressed by them. */
  suppressed: number;
  /** How many would be, but for the brake. */
  held: number;
  /** Known before. */
  repeated: number;
  delayed: number;
  autoReplies: number;
  /** Readers who left by mail. */
  left: number;
  /** Reports about nobody we know, and mails that are no reports. */
  nobody: number;
  noReport: number;
  unreadable: number;
  /** Reports on deliveries that did not fail, and words of feedback loops that are no complaints. */
  other: number;
  results: Processed[];
}

const COUNTED = {
  repeated: 'repeated',
  delayed: 'delayed',
  'auto-reply': 'autoReplies',
  nobody: 'nobody',
  left: 'left',
  'no report': 'noReport',
  unreadable: 'unreadable',
  'nothing failed': 'other',
  feedback: 'other',
} as const satisfies Record<Exclude<Processed['outcome'], 'recorded'>, keyof ProcessReport>;

/** Processes mails one after the other; stops between two when `signal` says so. Processing them again changes nothing. */
export async function processMails(
  recording: Recording,
  mails: AsyncIterable<Taken>,
  signal?: AbortSignal,
): Promise<ProcessReport> {
  const tally = newTally();
  for await (const mail of mails) {
    tally.add(await processOne(recording, mail));
    if (signal?.aborted) break;
  }
  return tally.report();
}

/** Counts what came of mails, mail by mail. */
export function newTally(): { add(results: readonly Processed[]): void; report(): ProcessReport } {
  const kinds: Record<BounceTable['kind'], number> = { hard: 0, soft: 0, block: 0, complaint: 0 };
  const counts = {
    repeated: 0,
    delayed: 0,
    autoReplies: 0,
    left: 0,
    nobody: 0,
    noReport: 0,
    unreadable: 0,
    other: 0,
  };
  const all: Processed[] = [];
  let [mails, suppressed, held] = [0, 0, 0];
  return {
    add(results) {
      mails++;
      for (const result of results) {
        all.push(result);
        if (result.suppressed) suppressed++;
        if (result.held) held++;
        if (result.outcome !== 'recorded') counts[COUNTED[result.outcome]]++;
        else if (result.kind !== undefined) kinds[result.kind]++;
      }
    },
    report: () => ({ mails, ...kinds, suppressed, held, ...counts, results: all }),
  };
}

/** Processes one mail, a report or the mail of a reader who leaves: an outcome, or one for each reader whom it names. Throws only where the store does. */
export async function processOne(recording: Recording, mail: Taken): Promise<Processed[]> {
  const { where } = mail;
  if ('problem' in mail) return [{ where, outcome: 'unreadable', reason: mail.problem }];
  const report = await readReport(mail.bytes);
  if (report === null) {
    const email = await leaveByMail(recording, mail.bytes);
    return [email === null ? { where, outcome: 'no report' } : { where, outcome: 'left', email }];
  }
  return (await recordReport(recording, report)).map(recorded => ({ where, ...recorded }));
}
