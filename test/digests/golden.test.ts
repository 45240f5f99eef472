// Five kinds of day and a week, as readers got them when somebody last looked: each file is a mail to open in a browser or a pager.
import { describe, expect, it } from 'vitest';
import { cut } from '../../src/digests/cut.ts';
import { forReader, renderDigest } from '../../src/digests/digest.ts';
import type { Preferences } from '../../src/subscribers/preferences.ts';
import { DAYS, WEEK_THEMES, week } from './days.ts';
import { MASTHEAD, shippedTemplates, wants } from './editions.ts';

const templates = await shippedTemplates();
const READER = {
  address: 'ada@example.org',
  unsubscribeUrl: 'https://papers.example.org/unsubscribe/1D4-tW9nLRp-hZXCGdyiVDs87VEqZ_8lELU5GkjWNALQ',
  preferencesUrl: 'https://papers.example.org/preferences/1Ktg4oYVhBPuiS9AEPQ2CspGgtHcHvJ6rLtvqa8ZZ0kE',
};

const MAILS: [name: string, day: keyof typeof DAYS | 'week', preferences: Partial<Preferences>][] = [
  ['quiet', 'quiet', {}],
  ['one', 'one', { length: 'full' }],
  [
    'hugging-face',
    'hugging-face',
    { keywords: ['agent', 'language model'], themes: ['language-models', 'agents-and-tools', 'robotics'] },
  ],
  ['hugging-face-arabic', 'hugging-face', { locale: 'ar-EG', keywords: ['benchmark'], themes: ['robotics'] }],
  ['page', 'page', { length: 'full' }],
  ['long', 'long', {}],
  ['week', 'week', { keywords: ['reward'], themes: WEEK_THEMES, locale: 'de', cadence: 'weekly' }],
];

describe.each(MAILS)('the mail of a day: %s', (name, day, preferences) => {
  it('is what it was when it was last looked at', async () => {
    const { html, text } = forReader(
      renderDigest(cut(day === 'week' ? week() : [DAYS[day]()], wants(preferences)), MASTHEAD, templates),
      READER,
    );
    await expect(html).toMatchFileSnapshot(`../fixtures/golden/${name}.html`);
    await expect(text).toMatchFileSnapshot(`../fixtures/golden/${name}.txt`);
  });
});
