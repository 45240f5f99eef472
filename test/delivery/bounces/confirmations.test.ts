// What is reported of a mail that asked for a confirmation: who complains is not asked again; a typed address that is none harms nobody.
import { describe, expect, it } from 'vitest';
import { recordingOf } from '../../../src/app.ts';
import { recordReport } from '../../../src/delivery/bounces/record.ts';
import { readReport } from '../../../src/delivery/bounces/report.ts';
import { doorway } from '../../web/doorway.ts';
import { arf, dsn } from './reports.ts';

async function asked(address: string) {
  const door = await doorway();
  await door.subscribe(address);
  await door.send();
  const mail = door.server.accepted[0]?.bytes.toString() ?? '';
  const about = { to: address, mark: /^Message-ID: <(.*)@/im.exec(mail)?.[1] ?? '' };
  const hear = async (bytes: Buffer) => {
    const report = await readReport(bytes);
    if (report === null) throw new Error('that is no report');
    return recordReport(recordingOf(door.app), report);
  };
  return { ...door, about, hear };
}

describe('a mail that asked for a confirmation', () => {
  it('and is reported as spam is the last one: nobody can have that address asked again', async () => {
    const { about, hear, status, subscribe, send, server, later } = await asked('ada@example.org');
    expect(await hear(arf(about))).toMatchObject([{ kind: 'complaint', suppressed: true }]);
    expect(await status('ada@example.org')).toBe('suppressed');
    later(30 * 24 * 3600);
    await subscribe('ada@example.org');
    await send();
    expect(server.accepted).toHaveLength(1);
  });

  it('and went to an address that does not exist ends there, and counts against no domain', async () => {
    const { app, about, hear, status } = await asked('nobody@example.org');
    const dead = { status: '5.1.1', diagnostic: '550 5.1.1 user unknown' };
    expect(await hear(dsn(about, dead))).toMatchObject([{ outcome: 'recorded', kind: 'hard' }]);
    expect(await status('nobody@example.org')).toBe('pending');
    expect(await app.db.selectFrom('bounce').selectAll().execute()).toEqual([]);
    const row = await app.db.selectFrom('confirmation').select('state').executeTakeFirst();
    expect(row?.state).toBe('refused');
  });
});
