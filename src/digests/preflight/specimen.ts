// A made-up day on which everything happens that a template has a line for; its words are plain, so that whatever else
// stands in its digest is the template's own.
import { Edition } from '../../editions/edition.ts';
import { Preferences } from '../../subscribers/preferences.ts';
import { type Cut, cut } from '../cut.ts';

const DAY = '2026-08-20';

const counts = {
  votes: 31,
  growth: 18,
  since: '2026-08-19',
  comments: 5,
  stars: 310,
  code: true,
  age: 1,
  score: 4.7,
};

const paper = (rank: number, more: object) => ({
  id: `title:specimen-${rank}`,
  title: `Specimen number ${rank} about bridges`,
  abstract: 'Bridges are long. We build one of rope. It holds for a year. It is shorter than others.',
  authors: ['Ada Lovelace', 'Grace Hopper', 'Emmy Noether', 'Mary Somerville'],
  url: `https://papers.invalid/${rank}`,
  links: {
    pdf: `https://papers.invalid/${rank}.pdf`,
    code: `https://code.invalid/${rank}`,
    project: `https://project.invalid/${rank}`,
    discussion: `https://talk.invalid/${rank}`,
  },
  facts: {},
  source: 'specimen',
  rank,
  vote: { upvotes: 31, comments: 5, stars: 310 },
  trend: counts,
  ...more,
});

const edition = () =>
  Edition.parse({
    date: DAY,
    themes: [
      {
        slug: 'bridges',
        name: 'Bridges and ferries',
        papers: [
          paper(1, { pick: { by: 'Ada', note: 'Worth the walk.' } }),
          paper(2, { pick: { by: 'Bo', note: null } }),
          paper(3, { note: { by: 'Bo', text: 'See number one.' } }),
          paper(4, {}),
        ],
      },
      {
        slug: 'roads',
        name: 'Roads',
        papers: [
          paper(5, { abstract: '', authors: [], links: {}, vote: null, trend: null }),
          paper(6, { theme: { slug: 'harbours', name: 'Harbours' } }),
        ],
      },
    ],
  });

/** The cuts of that day: for a reader who names words and people, and for one who wants titles only. */
export function specimens(): { kind: string; cut: Cut }[] {
  const wishes = {
    themes: ['bridges', 'roads', 'harbours'],
    keywords: ['rope'],
    authors: ['Grace Hopper'],
  };
  return [
    {
      kind: 'a digest with keywords',
      cut: cut([edition()], Preferences.parse({ ...wishes, length: 'standard' })),
    },
    { kind: 'a brief digest', cut: cut([edition()], Preferences.parse({ length: 'brief' })) },
  ];
}
