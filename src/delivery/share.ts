// A share of an edition's sending: so many of its deliveries, for one process of the many that send it.
import { instantText, shiftDay } from '../store/schema.ts';
import { NONE, type SendReport, type SendRequest, sendAll, type Tally } from './deliver.ts';
import { inspectOnce, type Problem } from './inspect.ts';
import { editionsOnce, LOOK_BACK_DAYS } from './plan.ts';

/** What came of a share. */
export interface ShareReport extends Tally, Pick<SendReport, 'stopped' | 'paced'> {
  problems: Problem[];
}

/** What preflight held back is looked at again after so long, with a template that may have been mended. */
const HELD_MINUTES = 15;

/**
 * Hands over what can be claimed of an edition and of earlier ones, about `most` deliveries at the most. Any number of
 * processes may do so at once: what one claims the others pass over. Nothing is planned, and nothing counted, so that it
 * costs the same however many readers there are.
 */
export async function deliverShare(request: SendRequest, most: number): Promise<ShareReport> {
  const { db, edition, desk, clock, resendUnknown } = request;
  const what = {
    from: shiftDay(edition, -LOOK_BACK_DAYS),
    through: edition,
    resend: resendUnknown,
    heldSince: instantText(clock().subtract({ minutes: HELD_MINUTES })),
  };
  const tally = { ...NONE };
  const inspector = inspectOnce(desk, editionsOnce(db));
  const { stopped, paced } = await sendAll({ ...request, most }, what, tally, most, inspector);
  return { ...tally, problems: inspector.problems(), stopped, paced };
}
