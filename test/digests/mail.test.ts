// The finished mail as a browser and a reviewer see it: valid HTML, and the same from version to version.
import { describe, expect, it } from 'vitest';
import { cut } from '../../src/digests/cut.ts';
import { forReader, renderDigest } from '../../src/digests/digest.ts';
import { bigEdition, cutOf, edition, MASTHEAD, paper, shippedTemplates, wants } from './editions.ts';
import { problemsOf } from './validity.ts';

const templates = await shippedTemplates();
const GOLDEN = '../fixtures/golden';
const READER = {
  address: 'ada@example.org',
  unsubscribeUrl: 'https://papers.example.org/unsubscribe/1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ',
  preferencesUrl: 'https://papers.example.org/preferences/1Ktg4oYVhBPuiS9AEPQ2CspGgtHcHvJ6rLtvqa8ZZ0kE',
};

const small = () => {
  const first = edition({
    agents: [
      paper({
        id: 'arxiv:2608.00001',
        title: 'Ferry: Shipping Key–Value Blocks in O(n log n)',
        abstract:
          'Long contexts are slow. We propose Ferry, a sparse attention that ships only the key-value blocks that a query needs. ' +
          'A light index scores the blocks. On six benchmarks, Ferry matches full attention at 28.4x less compute. ' +
          'Code is at https://github.com/harbour/ferry.',
        authors: ['Ada Lovelace', 'Björn Ommer', 'Chen-Ning Yang', 'Grace Hopper'],
        url: 'https://arxiv.org/abs/2608.00001',
        links: {
          pdf: 'https://arxiv.org/pdf/2608.00001',
          code: 'https://github.com/harbour/ferry',
          discussion: 'https://huggingface.co/papers/2608.00001',
        },
        vote: { upvotes: 1_042, comments: 7, stars: 310 },
      }),
      paper({
        id: 'doi:10.1000/182',
        title: 'Agents that "Buy & Sell" <Bread>',
        abstract: 'Markets are hard. We let agents trade bread.',
        authors: ["Conan O'Brien"],
        url: 'https://doi.org/10.1000/182',
        vote: { upvotes: 1, comments: 0, stars: null },
      }),
    ],
    'also-today': [paper({ id: 'title:0', title: '0', abstract: '', url: null })],
  });
  return renderDigest(
    cut([first], wants({ keywords: ['bread'], themes: ['agents', 'also-today'] })),
    MASTHEAD,
    templates,
  );
};

const scripts = () => {
  const days = [
    edition(
      {
        'image-generation': [
          paper({ id: 'title:1', title: 'Bilder für alle', url: 'https://example.org/1' }),
        ],
      },
      '2026-08-19',
    ),
    edition({
      'image-generation': [
        paper({
          id: 'title:2',
          title: '扩散模型的快速采样',
          abstract: '我们提出一种新方法。它很快。',
          authors: ['王小明'],
          url: 'https://example.org/2',
        }),
        paper({
          id: 'title:3',
          title: 'نماذج الانتشار',
          abstract: 'نقترح طريقة جديدة.',
          authors: ['ليلى'],
          url: 'https://example.org/3',
        }),
      ],
    }),
  ];
  return renderDigest(
    cut(days, wants({ length: 'full' })),
    { name: 'Lab Notes', postalAddress: null, webUrl: null },
    templates,
  );
};

const picks = () => {
  const count = { votes: 31, comments: 5, stars: 310, code: false, age: 1, score: 4.73 };
  const day = edition({
    speech: [
      paper({
        id: 'arxiv:2608.00003',
        title: 'Hearing Voices',
        abstract: 'Speech is hard. We listen.',
        authors: ['Grace Hopper'],
        url: 'https://arxiv.org/abs/2608.00003',
        trend: { ...count, growth: 18, since: '2026-08-19' },
        pick: { by: 'Ada L.', note: 'The table on page 4 is "worth" the coffee & the time.' },
      }),
    ],
    agents: [
      paper({
        id: 'arxiv:2608.00004',
        title: 'Agents at Sea',
        abstract: 'We sail.',
        url: 'https://arxiv.org/abs/2608.00004',
        trend: { ...count, votes: 1, growth: null, since: null, comments: 1, stars: 0 },
        note: { by: 'Bo', text: 'See also <Ferry>.' },
      }),
    ],
  });
  return renderDigest(cut([day], wants()), MASTHEAD, templates);
};

const DIGESTS = { small, scripts, picks };

describe.each(['small', 'scripts', 'picks'] as const)('the %s digest', name => {
  it('is what it was when it was last looked at', async () => {
    const { html, text } = forReader(DIGESTS[name](), READER);
    await expect(html).toMatchFileSnapshot(`${GOLDEN}/${name}.html`);
    await expect(text).toMatchFileSnapshot(`${GOLDEN}/${name}.txt`);
  });

  it('is the same to the byte when it is rendered again', () => {
    expect(DIGESTS[name]()).toEqual(DIGESTS[name]());
  });

  it('is valid HTML', async () => {
    expect(await problemsOf(forReader(DIGESTS[name](), READER).html)).toEqual([]);
  });
});

describe('valid HTML is also', () => {
  it.each([
    ['an empty digest', 0, 'standard'],
    ['a brief one', 40, 'brief'],
    ['a full one', 40, 'full'],
    ['one that folds most of its papers', 2_000, 'standard'],
  ] as const)('%s', async (_what, count, length) => {
    const digest = renderDigest(cutOf(bigEdition(count), length), MASTHEAD, templates);
    expect(await problemsOf(forReader(digest, READER).html)).toEqual([]);
  });
});
