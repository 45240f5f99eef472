// Why somebody has no delivery of an edition: by their hour, their cadence, or what the operator did.
import { describe, expect, it } from 'vitest';
import { type Absence, whyNone } from '../../src/delivery/absence.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';

const EDITION = '2026-08-20';
/** The digest of the Friday before. */
const FRIDAYS = {
  edition_date: '2026-08-14',
  editions: '["2026-08-14"]',
  state: 'sent',
  settled_at: null,
} as const;
const absence = (more: Partial<Absence>, preferences: object = {}): Absence => ({
  reader: {
    address: 'ada@example.org',
    status: 'active',
    statusAt: '2026-08-01T00:00:00.000Z',
    createdAt: '2026-08-01T00:00:00.000Z',
    nextDigestAt: '2026-08-20T15:00:00.000Z',
    preferences: Preferences.parse({ hour: 8, timeZone: 'America/Los_Angeles', ...preferences }),
  },
  edition: EDITION,
  publishedAt: '2026-08-20T06:00:00.000Z',
  now: '2026-08-20T09:00:00.000Z',
  isPlanned: true,
  stop: null,
  own: [],
  ...more,
});

describe('a reader without a delivery', () => {
  it('whose hour has not come is told by their own clock when it does', () => {
    const { now, todo } = whyNone(absence({}));
    expect(now).toMatch(/^Not yet: .* due on Thursday,? 20 August 2026, 08:00 \(America\/Los_Angeles\)\.$/);
    expect(todo).toContain(`at once: paperround send --date ${EDITION}`);
  });

  it.each<[string, Partial<Absence>, object, RegExp]>([
    ['whose hour is over is to be sent to', { now: '2026-08-20T16:00:00.000Z' }, {}, /^Not planned/],
    ['of an edition that no digest looks back to', { now: '2026-10-20T09:00:00.000Z' }, {}, /^Not planned/],
    [
      'whose cadence leaves out the day',
      { own: [FRIDAYS] },
      { cadence: 'weekly', weekday: 'friday' },
      /^Not due: .*weekly/,
    ],
    [
      'whose edition is paused',
      { stop: { state: 'paused', at: '2026-08-20T07:00:00.000Z', reason: 'by hand' } },
      {},
      /^The edition is paused/,
    ],
  ])('%s', (_, more, preferences, words) => {
    const { reader } = absence({}, preferences);
    const nextDigestAt = more.now?.startsWith('2026-10') ? '2026-10-20T15:00:00.000Z' : reader.nextDigestAt;
    expect(whyNone(absence({ ...more, reader: { ...reader, nextDigestAt } })).now).toMatch(words);
  });
});
