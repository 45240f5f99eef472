// After a restore: what may have been sent since the backup is held, whatever state it was in; what the operator said before stays.
import { expect, it } from 'vitest';
import { holdRestored } from '../../src/delivery/restored.ts';
import { findStop } from '../../src/delivery/stop.ts';
import type { DeliveryTable } from '../../src/store/schema.ts';
import { installation } from '../support/installation.ts';

const AT = '2026-08-20T07:00:00.000Z';
const DAYS = ['2026-08-17', '2026-08-18', '2026-08-19', '2026-08-20'];

it('everything open is unknown and in doubt, its edition and the latest are paused, and a cancelled one stays so', async () => {
  const { db, clock } = await installation();
  const content = '{}';
  for (const date of DAYS)
    await db.insertInto('edition').values({ date, through: date, published_at: AT, content }).execute();
  await db
    .insertInto('sending')
    .values({ edition_date: '2026-08-18', state: 'cancelled', reason: 'a mistake', at: AT })
    .execute();
  const states: [DeliveryTable['state'], string][] = [
    ['sent', '2026-08-17'],
    ['unknown', '2026-08-18'],
    ['queued', '2026-08-19'],
    ['sending', '2026-08-19'],
    ['deferred', '2026-08-19'],
    ['refused', '2026-08-19'],
    ['skipped', '2026-08-19'],
  ];
  for (const [n, [state, edition_date]] of states.entries()) {
    const address = `r${n}@example.org`;
    const reader = { id: `r${n}`, address, address_key: address, name: null, preferences: '{}' };
    await db
      .insertInto('subscriber')
      .values({ ...reader, status: 'active', created_at: AT, status_at: AT })
      .execute();
    await db
      .insertInto('delivery')
      .values({
        ...{
          id: `d${n}`,
          subscriber_id: `r${n}`,
          edition_date,
          editions: JSON.stringify([edition_date]),
          state,
        },
        ...{
          address,
          preferences: '{}',
          message_id: `<m${n}>`,
          planned_at: AT,
          attempts: 0,
          next_attempt_at: AT,
        },
        domain: 'example.org',
        in_doubt: 0,
      })
      .execute();
  }
  const confirmation = {
    address_key: 'r0@example.org',
    address: 'r0@example.org',
    subscriber_id: 'r0',
    preferences: null,
  };
  await db
    .insertInto('confirmation')
    .values({
      ...{ ...confirmation, id: 'c0', slot: 'confirm', kind: 'subscribe', requested_at: AT, expires_at: AT },
      ...{ confirmed_at: null, state: 'queued', message_id: null, attempts: 0, next_attempt_at: AT },
      ...{ lease_until: null, receipt: null },
    })
    .execute();
  const held = await db.transaction().execute(tx => holdRestored(tx, 'restored', clock));
  expect(held).toEqual({ paused: ['2026-08-19', '2026-08-20'], uncertain: 4 });
  const rows = await db.selectFrom('delivery').select(['state', 'in_doubt']).orderBy('id').execute();
  expect(rows.map(({ state, in_doubt }) => `${state} ${in_doubt}`)).toEqual([
    'sent 0',
    'unknown 1',
    'unknown 1',
    'unknown 1',
    'unknown 1',
    'refused 0',
    'skipped 0',
  ]);
  expect(await findStop(db, '2026-08-18')).toMatchObject({ state: 'cancelled' });
  expect(await findStop(db, '2026-08-17')).toBeNull();
  expect(await db.selectFrom('confirmation').select('state').execute()).toEqual([{ state: 'skipped' }]);
});
