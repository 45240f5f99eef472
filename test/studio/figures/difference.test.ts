// What changed between two mails for the same reader: the day's papers, or the template.
import { describe, expect, it } from 'vitest';
import { renderDigest } from '../../../src/digests/digest.ts';
import { openTemplates } from '../../../src/digests/template.ts';
import type { EditionPaper } from '../../../src/editions/edition.ts';
import { difference } from '../../../src/studio/figures/difference.ts';
import { bigEdition, cutOf, edition, MASTHEAD, paper, shippedTemplates } from '../../digests/editions.ts';
import { temporaryFolder } from '../../support/installation.ts';
import { ownTemplates } from '../../support/templates.ts';

const templates = await shippedTemplates();
const digest = (themes: Record<string, EditionPaper[]>, date: string, from = templates) =>
  renderDigest(cutOf(edition(themes, date)), MASTHEAD, from);

const monday = {
  robots: [paper({ title: 'Arms' }), paper({ title: 'Legs' })],
  vision: [paper()],
  audio: [paper()],
};
const tuesday = { vision: [paper(), paper()], audio: [paper()], robots: [paper()], theory: [paper()] };

describe('the difference of two days', () => {
  const before = digest(monday, '2026-08-17');
  const after = digest(tuesday, '2026-08-18');
  const told = difference(before, after);

  it('has the figures of both', () => {
    expect(told).toMatchObject({
      date: '2026-08-18',
      previous: '2026-08-17',
      papers: { before: 4, after: 5 },
    });
    expect(told.html).toEqual({
      before: Buffer.byteLength(before.html),
      after: Buffer.byteLength(after.html),
    });
    expect(told.text).toEqual({
      before: Buffer.byteLength(before.text),
      after: Buffer.byteLength(after.text),
    });
    expect(told.subject).toEqual({ before: before.subject, after: after.subject });
    expect(told.steps.summary).toEqual({ before: 4, after: 5 });
  });

  it('names what is new, gone, grown and shrunk', () => {
    const next = difference(after, before);
    expect(told.sections.map(({ name, kind, before, after }) => [name, kind, before, after])).toEqual([
      ['vision', 'grown', 1, 2],
      ['audio', 'same', 1, 1],
      ['robots', 'shrunk', 2, 1],
      ['theory', 'new', 0, 1],
    ]);
    expect(next.sections.at(-1)).toEqual({ name: 'theory', kind: 'gone', before: 1, after: 0 });
  });

  it('finds no paper in both, unless there is one', () => {
    expect(told.twice).toEqual([]);
    const again = digest({ ...tuesday, robots: monday.robots.slice(0, 1) }, '2026-08-18');
    expect(difference(before, again).twice).toEqual([{ id: monday.robots[0]?.id, title: 'Arms' }]);
  });

  it('tells another template from other papers', async () => {
    expect(told.sameHead).toBe(true);
    const own = await ownTemplates();
    await own.change(
      'digest.mjml',
      'font-size:13px;letter-spacing:1.2px',
      'font-size:14px;letter-spacing:1.2px',
    );
    const changed = await openTemplates(own.folder, await temporaryFolder());
    expect(difference(before, digest(tuesday, '2026-08-18', changed)).sameHead).toBe(false);
  });

  it('sees the frame grow with the template and not with the papers', async () => {
    const own = await ownTemplates();
    await own.change('digest.mjml', '<p dir="auto">Sent by', '<p>A new line.</p><p dir="auto">Sent by');
    const changed = await openTemplates(own.folder, await temporaryFolder());
    const { frame } = difference(after, digest(tuesday, '2026-08-18', changed));
    expect(frame.after - frame.before).toBe('<p>A new line.</p>'.length);
  });

  it('says how far a long day went down the ladder', () => {
    const long = renderDigest(cutOf(bigEdition(300)), MASTHEAD, templates);
    const { steps } = difference(after, long);
    expect(steps.title.after).toBeGreaterThan(0);
    expect(steps.full.after + steps.summary.after + steps.title.after + steps.folded.after).toBe(300);
  });
});

describe('the first edition', () => {
  it('has nothing before it', () => {
    const told = difference(null, digest(monday, '2026-08-17'));
    expect(told).toMatchObject({
      previous: null,
      sameHead: null,
      twice: [],
      papers: { before: 0, after: 4 },
    });
    expect(told.sections.every(({ kind }) => kind === 'new')).toBe(true);
  });
});
