// Papers that nobody wrote, like real ones in size and in what they cost: TeX, accents, five authors; the same each time.

export interface MadePaper {
  arxiv: string;
  title: string;
  abstract: string;
  authors: string[];
}

const WORDS =
  'attention language model retrieval reasoning diffusion policy agent benchmark alignment inference sparse robust causal ' +
  'graph neural kernel gradient sampling latent token prompt context memory training transfer evaluation representation ' +
  'of for with under and in by across without towards efficient scalable unified adaptive multimodal hierarchical';
const TEX = [
  'a bound of $O(n \\log n)$',
  'over $\\mathbb{R}^{d}$ with $\\alpha < 0.05$',
  "the Poincar\\'e inequality",
  '\\emph{without} fine-tuning',
  'improves by 12.5\\% over $p_{\\theta}(x \\mid y)$',
  'the Schr\\"odinger bridge',
  '(see https://github.com/example/code)',
];
const GIVEN = ['Ana', 'José', 'Li', 'Yuki', 'Søren', 'Maria', 'Wei', 'Noor', 'Łukasz', 'Eve'];
const FAMILY = ['Müller', 'Zhang', 'Okafor', 'García', 'Kim', 'Novák', 'Smith', 'Tanaka', 'Öztürk', 'Rossi'];

const ABSTRACT_LENGTH = 1_400;

/** `count` papers of the month `month` (YYMM), numbered from `first`. */
export function makePapers(count: number, month: string, first = 1): MadePaper[] {
  const words = WORDS.split(' ');
  const next = dice(Number(month) * 100_000 + first);
  const one = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T;
  const phrase = (length: number) => Array.from({ length }, () => one(words)).join(' ');
  return Array.from({ length: count }, (_, index) => {
    const number = String(first + index).padStart(5, '0');
    const sentences: string[] = [];
    for (let length = 0; length < ABSTRACT_LENGTH; length += sentences.at(-1)?.length ?? 0) {
      sentences.push(`We study ${phrase(6)} and show ${one(TEX)}, ${phrase(5)}. `);
    }
    return {
      arxiv: `${month}.${number}`,
      title: `${phrase(4)}: ${phrase(4)} in case ${month}${number}`,
      abstract: sentences.join('').trim(),
      authors: Array.from({ length: 5 }, () => `${one(GIVEN)} ${one(FAMILY)}`),
    };
  });
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** As arXiv's RSS feed announces them at `at`. */
export function asArxivFeed(papers: readonly MadePaper[], at: Date): string {
  const stamp = at.toUTCString().replace('GMT', '+0000');
  const items = papers.map(
    ({ arxiv, title, abstract, authors }) => `<item>
      <title>${escaped(title)}</title>
      <link>https://arxiv.org/abs/${arxiv}</link>
      <description>arXiv:${arxiv}v1 Announce Type: new \nAbstract: ${escaped(abstract)}</description>
      <guid isPermaLink="false">oai:arXiv.org:${arxiv}v1</guid>
      <category>cs.CL</category><category>cs.LG</category>
      <pubDate>${stamp}</pubDate>
      <arxiv:announce_type>new</arxiv:announce_type>
      <dc:creator>${authors.join(', ')}</dc:creator>
    </item>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
    <rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
    <title>cs.CL updates on arXiv.org</title><pubDate>${stamp}</pubDate>
    ${items.join('\n')}
    </channel></rss>`;
}

/** As an answer of Hugging Face's API of the day `day`. */
export function asHuggingFace(papers: readonly MadePaper[], day: string): string {
  return JSON.stringify(
    papers.map(({ arxiv, title, abstract, authors }, index) => ({
      paper: {
        id: arxiv,
        title,
        summary: abstract,
        authors: authors.map(name => ({ name, hidden: false })),
        submittedOnDailyAt: `${day}T05:00:00.000Z`,
        upvotes: index % 97,
      },
      numComments: index % 5,
      organization: { name: 'example', fullname: 'Example University' },
    })),
  );
}

/** As a bibliography, which knows no arXiv ids: only title and authors say which papers they are. */
export function asBibtex(papers: readonly MadePaper[]): string {
  const entries = papers.map(
    ({ arxiv, title, abstract, authors }) => `@article{key${arxiv},
  title = {${title}},
  author = {${authors.join(' and ')}},
  abstract = {${abstract}},
  journal = {Journal of Examples},
  year = {2026}
}`,
  );
  return entries.join('\n\n');
}
