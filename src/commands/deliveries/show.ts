// `paperround deliveries show ADDRESS`: did they get it? The whole life of one delivery, or why there is none.
import type { App } from '../../app.ts';
import { readAbsence, whyNone } from '../../delivery/absence.ts';
import { coveringDeliveries } from '../../delivery/amend.ts';
import { type Delivery, listDeliveries } from '../../delivery/ledger.ts';
import { quietFor } from '../../delivery/standing.ts';
import { findStop } from '../../delivery/stop.ts';
import { type Attempt, readAttempts, type Story, storyOf } from '../../delivery/story.ts';
import { traceOf } from '../../editions/morning.ts';
import type { Day } from '../../store/schema.ts';
import type { Subscriber } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';
import { table } from '../terminal.ts';
import { editionMeant, readerOf } from './meant.ts';

const show: Command<{ date?: string }, [string]> = async ({ terminal, app }, { date }, address) => {
  const open = await app();
  const reader = await readerOf(open, address);
  const edition = await editionMeant(open, date);
  const [delivery] = await listDeliveries(open.db, { edition, subscriberId: reader.id });
  const { attempts, story } =
    delivery === undefined ? await absent(open, reader, edition) : await present(open, delivery);
  const trace = await traceOf(open.db, edition);
  terminal.result(
    {
      edition,
      email: delivery?.address ?? reader.address,
      state: delivery?.state ?? null,
      editions: delivery === undefined ? null : (JSON.parse(delivery.editions) as Day[]),
      messageId: delivery?.message_id ?? null,
      trace,
      ...story,
      attempts,
    },
    [
      `${reader.address}, edition ${edition}: ${delivery?.state ?? 'no delivery'}`,
      ...table(story.events.map(({ at, what }) => [`  ${at}`, what])),
      `  ${story.now}`,
      `  To do: ${story.todo}.`,
      `  In the logs: trace ${trace}${delivery === undefined ? '' : `, delivery ${delivery.id}`}`,
    ],
  );
  return 0;
};
export default show;

type Told = { attempts: Attempt[]; story: Story };

async function present({ db, settings, clock }: App, delivery: Delivery): Promise<Told> {
  const attempts = await readAttempts(db, delivery);
  const story = storyOf(delivery, {
    attempts,
    stop: await findStop(db, delivery.edition_date),
    others: await coveringDeliveries(db, delivery),
    resend: settings.onUnknown === 'resend',
    quiet: await quietFor(db, delivery.domain, clock),
  });
  return { attempts, story };
}

async function absent({ db, clock }: App, reader: Subscriber, edition: Day): Promise<Told> {
  const row = await db
    .selectFrom('edition')
    .select('published_at')
    .where('date', '=', edition)
    .executeTakeFirstOrThrow();
  const story = whyNone(await readAbsence(db, reader, edition, row.published_at, clock));
  return { attempts: [], story: { events: [], ...story } };
}
