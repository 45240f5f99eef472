// `paperround papers show ID`: one paper, what each source said of it, its votes over time, its edition, its curation.
import { paperNamed, readCurations } from '../../editions/curation.ts';
import { editionOf, readEdition } from '../../editions/edition.ts';
import { votesOverTime } from '../../editions/votes.ts';
import { PaperroundError } from '../../errors.ts';
import type { Paper } from '../../papers/paper.ts';
import { readPapers } from '../../papers/stored-papers.ts';
import { whoSaidWhat } from '../../papers/told.ts';
import type { Day, Db } from '../../store/schema.ts';
import { excerpt } from '../../text-file.ts';
import { readCorrections } from '../../themes/corrections.ts';
import { evidenceInWords, namesOf } from '../../themes/why.ts';
import type { Command } from '../context.ts';
import { counted, table } from '../terminal.ts';
import { correctedBy, shownCorrection } from './theme.ts';

const show: Command<object, [string]> = async ({ terminal, app }, _options, text) => {
  const { db, themes } = await app();
  const { id } = await paperNamed(db, text);
  const [paper] = await readPapers(db, { ids: [id] });
  const curation = (await readCurations(db)).get(id);
  const correction = (await readCorrections(db)).get(id);
  if (paper === undefined && curation === undefined && correction === undefined) {
    throw new PaperroundError('usage', `No source knows ${id} yet`, {
      hint: `Collect it, or add it: paperround papers add ${id}`,
    });
  }
  const told = await whoSaidWhat(db, id);
  const votes = await votesOverTime(db, id);
  const edition = (await editionOf(db, id)) ?? null;
  const stands = edition === null ? undefined : await placeIn(db, edition, id);
  const evidence = stands?.evidence ?? null;
  const { picked = false, hidden = false, note = null, curator = null, at = null } = curation ?? {};
  const said = told.map(({ source, ownId, announcedOn, firstAt, content }) => ({
    source,
    ownId,
    announcedOn,
    firstAt,
    version: content.facts.version ?? null,
    content,
  }));
  const words = { picked, hidden, note, curator, at };
  terminal.result(
    {
      paper: paper ?? null,
      id,
      said,
      votes,
      edition,
      evidence,
      curation: curation === undefined ? null : words,
      correction: shownCorrection(correction),
    },
    [
      ...(paper === undefined ? [`${id}: no source knows it yet`] : aboutPaper(paper)),
      ...table([
        ['  edition', edition ?? (hidden ? 'none: it is hidden' : 'none yet')],
        ...(stands === undefined || evidence === null
          ? []
          : [['  stands', evidenceInWords(evidence, stands.section, namesOf(themes))]]),
        ...(picked ? [['  picked', `by ${curator ?? 'somebody'} at ${at}`]] : []),
        ...(hidden ? [['  hidden', `since ${at}`]] : []),
        ...(correction === undefined ? [] : [['  theme', correctedBy(correction, themes)]]),
        ...(note === null ? [] : [['  note', `${curator === null ? '' : `${curator}: `}${note}`]]),
      ]),
      ...(said.length === 0 ? [] : ['  who said what:']),
      ...table(
        said.map(s => [
          `    ${s.source}`,
          s.announcedOn ?? '-',
          s.version === null ? s.ownId : `${s.ownId} v${s.version}`,
          excerpt(s.content.title, 60),
        ]),
      ),
      ...(votes.length === 0 ? [] : ['  votes:']),
      ...table(
        votes.map(v => [
          `    ${v.at}`,
          v.source,
          counted(v.upvotes, 'vote'),
          counted(v.comments, 'comment'),
          v.stars === null ? '' : counted(v.stars, 'star'),
        ]),
      ),
    ],
  );
  return 0;
};
export default show;

/** Where a paper stands in a published edition, and why. */
async function placeIn(db: Db, date: Day, id: string) {
  const edition = await readEdition(db, date);
  for (const { name, papers } of edition?.themes ?? []) {
    const paper = papers.find(other => other.id === id);
    if (paper !== undefined) return { section: name, evidence: paper.evidence };
  }
  return undefined;
}

function aboutPaper({ id, title, abstract, authors, url, links, facts }: Paper): string[] {
  const lines: Record<string, unknown> = {
    id,
    authors: excerpt(authors.join(', '), 200),
    address: url,
    ...links,
    ...facts,
    abstract: excerpt(abstract, 300),
  };
  const present = Object.entries(lines).filter(([, value]) => ![undefined, null, ''].includes(value as null));
  return [title, ...table(present.map(([name, value]) => [`  ${name}`, [value].flat().join(', ')]))];
}
