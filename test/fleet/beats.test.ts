// Several schedulers, one beat: who runs it is written down once.
import { describe, expect, it } from 'vitest';
import { electedBy } from '../../src/fleet/beats.ts';
import { installation } from '../support/installation.ts';

const beat = (name: string, at: string) => `${name}:2026-08-20T${at}.000Z`;

describe('a beat that several schedulers have at once', () => {
  it('is run by one of them', async () => {
    const { db } = await installation();
    for (const at of ['07:00:00', '07:01:00', '07:02:00']) {
      const asked = Array.from({ length: 8 }, () =>
        electedBy(db).shouldRun(beat('beat of the minute', at), 0),
      );
      expect((await Promise.all(asked)).filter(Boolean)).toEqual([true]);
    }
  });

  it('is not run again by one that is late, and another beat has its own runner', async () => {
    const { db } = await installation();
    const { shouldRun } = electedBy(db);
    expect(await shouldRun(beat('beat of the minute', '07:01:00'), 0)).toBe(true);
    expect(await shouldRun(beat('beat of the minute', '07:00:00'), 0)).toBe(false);
    expect(await shouldRun(beat('beat of the day', '07:00:00'), 0)).toBe(true);
    expect(await shouldRun(beat('beat of the minute', '07:02:00'), 0)).toBe(true);
  });
});
