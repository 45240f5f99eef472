// The brake: one server that refuses everybody by mistake does not empty the list; the operator decides.
import { describe, expect, it } from 'vitest';
import { decideHeld, heldDomains, heldWords } from '../../../src/delivery/bounces/held.ts';
import { listBounces } from '../../../src/delivery/bounces/list.ts';
import { recordRefusal } from '../../../src/delivery/bounces/record.ts';
import { countSubscribers, setStatus } from '../../../src/subscribers/subscriber.ts';
import { opened, POLICY } from './opened.ts';

const NO_SUCH_USER = '550 5.1.1 no such user';
const at = (domain: string, n: number) => Array.from({ length: n }, (_, i) => `reader${i}@${domain}`);

/** Readers whose servers answer all of them, one after the other, that there is no such user. */
async function refused(emails: readonly string[], percent = POLICY.bounceBrakePercent) {
  const open = await opened(emails);
  const { db, clock, send } = open;
  const policy = { ...POLICY, bounceBrakePercent: percent };
  const refuse = async (email: string, day = '2026-08-20') => {
    const { claimed } = await send(email, day);
    return recordRefusal(db, claimed, NO_SUCH_USER, policy, clock);
  };
  return { ...open, refuse };
}

describe('a server that suddenly knows nobody', () => {
  it('ends the mail of twenty readers; the next ones are held, and stay active until somebody decides', async () => {
    const emails = at('uni.example', 30);
    const { db, refuse, status } = await refused(emails);
    const said = [];
    for (const email of emails.slice(0, 25)) said.push(await refuse(email));
    expect(said.filter(s => s.suppressed)).toHaveLength(20);
    expect(said.slice(20)).toMatchObject(Array(5).fill({ kind: 'block', suppressed: false, held: true }));
    expect(await status('reader24@uni.example')).toBe('active');
    const [held, ...others] = await heldDomains(db);
    expect(others).toEqual([]);
    expect(held).toMatchObject({ domain: 'uni.example', readers: 5, diagnostic: NO_SUCH_USER });
    expect(held && heldWords(held)).toContain('5 readers of uni.example would be suppressed');
    expect((await listBounces(db)).filter(b => b.held)).toHaveLength(5);
  });

  it('goes on being held the next day, so that the list is not emptied by twenty a day', async () => {
    const emails = at('uni.example', 30);
    const { db, refuse } = await refused(emails);
    for (const email of emails.slice(0, 21)) await refuse(email);
    expect(await refuse('reader22@uni.example', '2026-08-21')).toMatchObject({ held: true });
    expect(await countSubscribers(db)).toMatchObject({ suppressed: 20, active: 10 });
  });

  it('holds nobody of another domain, and nobody where a large domain loses a small share', async () => {
    const emails = [...at('uni.example', 22), ...at('large.example', 300)];
    const { refuse, status } = await refused(emails);
    for (const email of at('uni.example', 22)) await refuse(email);
    for (const email of at('large.example', 30)) expect(await refuse(email)).toMatchObject({ held: false });
    expect(await refuse('reader30@large.example')).toMatchObject({ held: true });
    expect(await status('reader29@large.example')).toBe('suppressed');
  });

  it('may take an hour for it: what happened before that does not count', async () => {
    const emails = at('uni.example', 40);
    const { refuse } = await refused(emails);
    for (const email of emails.slice(0, 20)) await refuse(email);
    for (const email of emails.slice(20, 40))
      expect(await refuse(email, '2026-08-21')).toMatchObject({ held: false, suppressed: true });
  });

  it('is believed where the operator wants no brake', async () => {
    const emails = at('uni.example', 25);
    const { refuse } = await refused(emails, 100);
    for (const email of emails) expect(await refuse(email)).toMatchObject({ suppressed: true });
  });
});

describe('the decision', () => {
  it('keeps the readers, and later bounces of the domain count as ever', async () => {
    const emails = at('uni.example', 23);
    const { db, clock, refuse, status } = await refused(emails);
    for (const email of emails.slice(0, 22)) await refuse(email);
    expect(await decideHeld(db, 'uni.example', 'keep', clock)).toEqual({ bounces: 2, suppressed: 0 });
    expect(await heldDomains(db)).toEqual([]);
    expect(await status('reader21@uni.example')).toBe('active');
    expect(await refuse('reader22@uni.example', '2026-08-22')).toMatchObject({ suppressed: true });
  });

  it('suppresses them, but for those who left meanwhile', async () => {
    const emails = at('uni.example', 23);
    const { db, clock, refuse, status, reader } = await refused(emails);
    for (const email of emails) await refuse(email);
    await setStatus(db, (await reader('reader21@uni.example')).id, 'unsubscribed', clock);
    expect(await decideHeld(db, 'uni.example', 'suppress', clock)).toEqual({ bounces: 3, suppressed: 2 });
    expect(await status('reader21@uni.example')).toBe('unsubscribed');
    expect(await status('reader22@uni.example')).toBe('suppressed');
    expect((await listBounces(db)).filter(b => b.kind === 'hard' && b.suppressed)).toHaveLength(22);
  });
});
