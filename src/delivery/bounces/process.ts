// Processes a pile of mails: reads each, writes down what it reports, and counts what came of all.
import type { BounceTable, Clock, Db } from '../../store/schema.ts';
import type { Taken } from './intake.ts';
import type { BouncePolicy } from './policy.ts';
import { type Recorded, recordReport } from './record.ts';
import { readReport } from './report.ts';

/** What came of one mail, or of one reader whom it names. */
export interface Processed extends Omit<Recorded, 'outcome'> {
  where: string;
  outcome: Recorded['outcome'] | 'no report' | 'unreadable';
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
  /** Known before. */
  repeated: number;
  delayed: number;
  autoReplies: number;
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
  'no report': 'noReport',
  unreadable: 'unreadable',
  'nothing failed': 'other',
  feedback: 'other',
} as const satisfies Record<Exclude<Processed['outcome'], 'recorded'>, keyof ProcessReport>;

/** Processes mails one after the other; stops between two when `signal` says so. Processing them again changes nothing. */
export async function processMails(
  db: Db,
  mails: AsyncIterable<Taken>,
  policy: BouncePolicy,
  clock: Clock,
  signal?: AbortSignal,
): Promise<ProcessReport> {
  const kinds: Record<BounceTable['kind'], number> = { hard: 0, soft: 0, block: 0, complaint: 0 };
  const counts = { repeated: 0, delayed: 0, autoReplies: 0, nobody: 0, noReport: 0, unreadable: 0, other: 0 };
  const results: Processed[] = [];
  let [taken, suppressed] = [0, 0];
  for await (const mail of mails) {
    taken++;
    for (const result of await processOne(db, mail, policy, clock)) {
      results.push(result);
      if (result.suppressed) suppressed++;
      if (result.outcome !== 'recorded') counts[COUNTED[result.outcome]]++;
      else if (result.kind !== undefined) kinds[result.kind]++;
    }
    if (signal?.aborted) break;
  }
  return { mails: taken, ...kinds, suppressed, ...counts, results };
}

async function processOne(db: Db, mail: Taken, policy: BouncePolicy, clock: Clock): Promise<Processed[]> {
  const { where } = mail;
  if ('problem' in mail) return [{ where, outcome: 'unreadable', reason: mail.problem }];
  const report = await readReport(mail.bytes);
  if (report === null) return [{ where, outcome: 'no report' }];
  return (await recordReport(db, report, policy, clock)).map(recorded => ({ where, ...recorded }));
}
