// `paperround papers add ID`: a paper that no source has told of, asked for where it is at home, or given by hand.
import type { App } from '../../app.ts';
import { PaperroundError } from '../../errors.ts';
import { announce } from '../../papers/announce.ts';
import type { Announcement } from '../../papers/paper.ts';
import { findOnWeb } from '../../papers/sources/one-paper.ts';
import { storeAnnouncements } from '../../papers/store-papers.ts';
import { instantText, transact } from '../../store/schema.ts';
import type { Command } from '../context.ts';

interface Options {
  title?: string;
  abstract?: string;
  authors?: string;
  via?: string;
}

const add: Command<Options, [string]> = async ({ terminal, app }, options, id) => {
  const open = await app();
  const byHand = options.title !== undefined;
  const found = byHand ? asGiven(id, options) : await lookedUp(open, id, options.via);
  // Whenever it appeared: whoever adds it wants it in the next edition.
  const announcement = { ...found, announcedOn: open.today() };
  const from = { source: 'curator', at: instantText(open.clock()), day: open.today() };
  const stored = await transact(open.db, tx => storeAnnouncements(tx, [announcement], from));
  const paper = stored.ids[0] ?? announcement.paper.id;
  const outcome = stored.new > 0 ? 'added' : stored.updated > 0 ? 'updated' : 'known';
  const edition = await open.db
    .selectFrom('edition_paper')
    .select('edition_date')
    .where('paper_id', '=', paper)
    .executeTakeFirst();
  const next =
    edition === undefined ? 'it is in the next edition' : `it was in the edition of ${edition.edition_date}`;
  const said = { added: 'added', updated: 'known before, now with more', known: 'known before' }[outcome];
  terminal.result(
    { paper, outcome, title: announcement.paper.title, edition: edition?.edition_date ?? null },
    [`${said}: ${announcement.paper.title} (${paper}); ${next}`],
  );
  return 0;
};
export default add;

/** Where a source is configured to ask another place than arXiv, that place is asked. */
async function lookedUp(app: App, id: string, via: string | undefined): Promise<Announcement> {
  const mirror = app.settings.sources.find(spec => spec.kind === 'arxiv');
  const arxiv = via ?? (mirror?.kind === 'arxiv' ? mirror.base : undefined);
  return findOnWeb(await app.client(), id, { arxiv, doi: via });
}

function asGiven(id: string, { title, abstract = '', authors = '' }: Options): Announcement {
  const address = /^https?:\/\//i.test(id) ? { url: id } : {};
  const result = announce({ where: 'given', title, abstract, authors, id, ...address, format: 'curator' });
  if ('paper' in result) return result;
  throw new PaperroundError('input', result.detail);
}
