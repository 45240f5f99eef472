// Papers as a source tells of them, for the tests of editions.
import type { App } from '../../src/app.ts';
import type { Announcement, Vote } from '../../src/papers/paper.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { type Day, instantText } from '../../src/store/schema.ts';

interface Given {
  title?: string;
  /** A DOI that the source names too. */
  doi?: string;
  code?: string;
  vote?: Partial<Vote>;
}

/** What a source says of `arxiv:ID` (or of `ID`, where it names its scheme). */
export function told(id: string, announcedOn: Day | null, given: Given = {}): Announcement {
  const { title = `Paper ${id}`, doi, code, vote } = given;
  const own = id.includes(':') ? id : `arxiv:${id}`;
  return {
    paper: {
      id: own,
      title,
      abstract: 'Words.',
      authors: ['Ana'],
      url: null,
      links: code === undefined ? {} : { code },
      facts: doi === undefined ? {} : { doi },
    },
    keys: doi === undefined ? [own] : [own, `doi:${doi}`],
    format: 'json',
    announcedOn,
    vote: vote === undefined ? null : { upvotes: 0, comments: 0, stars: null, ...vote },
  };
}

/** A source is asked now, and says all this. */
export function tell(app: App, announcements: Announcement[], source = 'file:test') {
  const at = instantText(app.clock());
  return app.db
    .transaction()
    .execute(tx => storeAnnouncements(tx, announcements, { source, at, day: app.today() }));
}
