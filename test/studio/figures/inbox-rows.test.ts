// The line in the inbox: what three programs show before a mail is opened, and what they cut off.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forReader, renderDigest } from '../../../src/digests/digest.ts';
import { inboxRows } from '../../../src/studio/figures/inbox-rows.ts';
import { bigEdition, cutOf, MASTHEAD, shippedTemplates } from '../../digests/editions.ts';

const MAIL = {
  from: '"Daily Papers" <papers@example.org>',
  subject: 'Short subject',
  preheader: 'Two papers',
  html: '<body><div style="display:none">Two papers</div><p>View in browser · <a href="#">Unsubscribe</a></p><h1>Daily &amp; Papers</h1><p>One paper about the harbour and its ferries.</p></body>',
  date: '2026-08-20T07:00:00.000Z',
};
const rows = (change: Partial<typeof MAIL> = {}) => inboxRows({ ...MAIL, ...change });
const [GMAIL, IPHONE, OUTLOOK] = [0, 1, 2];
const row = (n: number, change: Partial<typeof MAIL> = {}) =>
  rows(change)[n] as ReturnType<typeof rows>[number];

describe('a row of the inbox', () => {
  it('has the sender’s name, the subject, the preheader and the day', () => {
    expect(rows().map(({ client }) => client)).toEqual([
      'Gmail on the web',
      'Apple Mail on an iPhone',
      'Outlook on Windows',
    ]);
    for (const { sender, subject, preheader, preview, date } of rows()) {
      expect(sender).toEqual({ shown: 'Daily Papers', cut: '' });
      expect(subject).toEqual({ shown: 'Short subject', cut: '' });
      expect(preheader).toEqual({ shown: 'Two papers', cut: '' });
      expect(preview[0]).toMatch(/^Two papers View in browser · Unsubscribe/);
      expect(date).toBe('20 Aug');
    }
  });

  it.each([
    ['papers@example.org', 'papers@example.org'],
    ['<papers@example.org>', 'papers@example.org'],
    ['Papers <papers@example.org>', 'Papers'],
  ])('names %s as %s', (from, shown) => {
    expect(row(OUTLOOK, { from }).sender.shown).toBe(shown);
  });

  it('goes on with the mail’s own words where the preheader is short, and says which', () => {
    expect(row(OUTLOOK).filler).toMatch(/^View in browser · Unsubscribe Daily & P/);
    expect(row(OUTLOOK, { preheader: '' }).filler).toMatch(/^Two papers View in browser/);
  });

  it.each([
    [GMAIL, 100 - 3 - 'Short subject'.length],
    [OUTLOOK, 60],
  ])('of program %d has room for %d letters of the first words', (n, room) => {
    const preheader = 'abcdefghi '.repeat(20).trim();
    const { preview, preheader: told, filler } = row(n, { preheader, html: `<p>${preheader}</p>` });
    expect(preview).toHaveLength(1);
    expect(preview[0]).toHaveLength(room);
    expect(preview[0]).toMatch(/…$/);
    expect(told.shown + told.cut).toBe(preheader);
    expect(told.shown).toHaveLength(room - 1);
    expect(filler).toBe('');
  });

  it('on an iPhone has two lines, broken between words', () => {
    const preheader =
      '12 papers in 3 themes: Image generation, Large language models, Robotics and embodied AI';
    const { preview, preheader: told } = row(IPHONE, { preheader, html: `<p>${preheader} and more</p>` });
    expect(preview[0]).toBe('12 papers in 3 themes: Image generation,');
    expect(preview[1]).toBe('Large language models, Robotics and embodied…');
    expect(told.shown + told.cut).toBe(preheader);
    expect(told.cut).toBe(' AI');
  });

  it('breaks a word that is longer than a line, and loses nothing of it', () => {
    const preheader = 'x'.repeat(60);
    const { preview, preheader: told } = row(IPHONE, { preheader, html: `<p>${preheader}…</p>` });
    expect(preview).toEqual(['x'.repeat(45), `${'x'.repeat(15)}…`]);
    expect(told).toEqual({ shown: preheader, cut: '' });
  });

  it('cuts a long subject in the middle of a word, and leaves no preview where Gmail has no room for it', () => {
    const subject = 'Supercalifragilistic '.repeat(8).trim();
    expect(row(IPHONE, { subject }).subject.shown).toBe(`${subject.slice(0, 37)}…`);
    expect(row(IPHONE, { subject }).subject.cut).toBe(subject.slice(37));
    expect(row(GMAIL, { subject }).preview).toEqual([]);
    expect(row(GMAIL, { subject }).preheader).toEqual({ shown: '', cut: 'Two papers' });
  });

  it('says that nothing of a preheader is shown where the template prints none', () => {
    expect(row(OUTLOOK, { preheader: 'Words that are not there' }).preheader).toEqual({
      shown: '',
      cut: 'Words that are not there',
    });
  });

  it('has half as many Chinese letters, and never half of an emoji', () => {
    expect(row(OUTLOOK, { subject: '論'.repeat(80) }).subject.shown).toBe(`${'論'.repeat(27)}…`);
    const family = '👨‍👩‍👧‍👦';
    const { shown, cut } = row(IPHONE, { subject: family.repeat(30) }).subject;
    expect(shown.replaceAll(family, '')).toBe('…');
    expect(cut.replaceAll(family, '')).toBe('');
  });

  it('of a real mail begins with its preheader', async () => {
    const digest = renderDigest(cutOf(bigEdition(30)), MASTHEAD, await shippedTemplates());
    const { html } = forReader(digest, {
      address: 'a@example.org',
      unsubscribeUrl: 'https://example.org/u',
      preferencesUrl: null,
    });
    for (const one of inboxRows({
      ...MAIL,
      subject: digest.subject,
      preheader: digest.preheader,
      html,
    }).slice(1)) {
      expect(one.preheader.shown.length).toBeGreaterThan(30);
      expect(one.preheader.shown + one.preheader.cut).toBe(digest.preheader);
    }
  });

  it('loses no letter of whatever is written', () => {
    const text = fc.string({ maxLength: 200, unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (subject, preheader, html) => {
        for (const one of rows({ subject, preheader, html })) {
          const whole = (fit: { shown: string; cut: string }) =>
            fit.cut === '' ? fit.shown : fit.shown.replace(/…$/, '') + fit.cut;
          expect(whole(one.subject).replace(/\s+/g, ' ')).toBe(
            subject
              .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
              .replace(/\s+/g, ' ')
              .trim(),
          );
        }
      }),
    );
  });
});
