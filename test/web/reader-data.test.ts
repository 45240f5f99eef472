// What a reader can do with what is theirs: pause until a day, move to another address, see all that is stored, have it erased.
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { resumePaused } from '../../src/subscribers/pause.ts';
import { doorway } from './doorway.ts';

const ADA = 'ada@example.org';
const NEW = 'ada@elsewhere.example';

async function opened() {
  const door = await doorway();
  await door.add(ADA, 'active', { timeZone: 'Asia/Tokyo' });
  await door.add('bo@example.org');
  const page = await door.path('preferences', ADA);
  const act = async (action: string, more: Record<string, string> = {}) => {
    const answer = await door.post(page, { action, ...more });
    return { status: answer.status, text: await answer.text() };
  };
  return { ...door, page, act };
}

describe('a pause', () => {
  it('ends by itself when the day begins where the reader is', async () => {
    const { app, act, status, reader } = await opened();
    expect((await act('pause', { until: '2026-09-01' })).text).toContain('no mail until 2026-09-01');
    expect((await reader(ADA)).pausedUntil).toBe('2026-08-31T15:00:00.000Z');
    app.clock.set('2026-08-31T14:59:59Z');
    expect(await resumePaused(app.db, app.clock)).toBe(0);
    app.clock.set('2026-08-31T15:00:00Z');
    expect(await resumePaused(app.db, app.clock)).toBe(1);
    expect(await resumePaused(app.db, app.clock)).toBe(0);
    expect(await reader(ADA)).toMatchObject({ status: 'active', pausedUntil: null });
    expect(await status('bo@example.org')).toBe('active');
  });

  it('without a day lasts until the reader goes on; leaving meanwhile ends both', async () => {
    const { app, act, post, path, status, later } = await opened();
    await act('pause');
    later(400 * 24 * 3600);
    await resumePaused(app.db, app.clock);
    expect(await status(ADA)).toBe('paused');
    expect((await act('resume')).text).toContain('You get mail again');
    await act('pause', { until: '2027-10-30' });
    await post(await path('unsubscribe', ADA), '');
    later(400 * 24 * 3600);
    expect(await resumePaused(app.db, app.clock)).toBe(0);
    expect(await status(ADA)).toBe('unsubscribed');
  });

  it.each(['2026-08-20', '2020-01-01', '2031-01-01', 'tomorrow', '2026-02-30'])(
    'until %s there is none, and the page says which there are',
    async until => {
      const { act, status } = await opened();
      const answer = await act('pause', { until });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('allowed: a day after today');
      expect(await status(ADA)).toBe('active');
    },
  );
});

describe('another address', () => {
  it('is asked first; then the papers go there, old links work, and the old address is told', async () => {
    const { act, send, server, linkTo, post, reader, status, page, pages } = await opened();
    const { id } = await reader(ADA);
    expect((await act('move', { address: NEW })).text).toContain(`A mail is on its way to ${NEW}`);
    await send();
    expect(await status(ADA)).toBe('active');
    expect(server.accepted.map(({ to }) => to)).toEqual([NEW]);
    expect(server.accepted[0]?.bytes.toString()).not.toMatch(/ada@example\.org|List-Unsubscribe/);
    expect(await (await post(await linkTo(NEW), '')).text()).toContain(`comes to ${NEW}`);
    expect(await status(ADA)).toBeUndefined();
    expect(await reader(NEW)).toMatchObject({ id, status: 'active' });
    await send();
    const notice = await simpleParser(server.accepted[1]?.bytes ?? '');
    expect(server.accepted[1]?.to).toBe(ADA);
    expect(notice.subject).toBe('Daily Papers goes to another address now');
    expect(`${notice.text}${notice.html}`).not.toContain(NEW);
    expect((await pages.request(page)).status).toBe(200);
  });

  it('of somebody else changes nothing of theirs, and the answer does not tell', async () => {
    const { act, send, server, reader, add } = await opened();
    await add('left@example.org', 'unsubscribed');
    await add('spam@example.org', 'suppressed');
    const others = ['bo@example.org', 'left@example.org', 'spam@example.org'];
    const before = await Promise.all(others.map(reader));
    const words = [];
    for (const address of [...others, 'free@example.org'])
      words.push((await act('move', { address })).text.replaceAll(address, 'ADDRESS'));
    expect(new Set(words).size).toBe(1);
    await send();
    expect(server.accepted.map(({ to }) => to).sort()).toEqual([
      'bo@example.org',
      'free@example.org',
      'left@example.org',
    ]);
    expect(await Promise.all(others.map(reader))).toEqual(before);
  });

  it('that gets a reader of its own in the meantime is not taken from them', async () => {
    const { act, send, linkTo, post, add, status, reader } = await opened();
    await act('move', { address: NEW });
    await send();
    await add(NEW);
    const theirs = await reader(NEW);
    expect((await post(await linkTo(NEW), '')).status).toBe(409);
    expect(await status(ADA)).toBe('active');
    expect(await reader(NEW)).toEqual(theirs);
  });

  it('after another can be asked for five times a day', async () => {
    const { act } = await opened();
    const statuses = [];
    for (let i = 0; i < 7; i++) statuses.push((await act('move', { address: `x${i}@example.org` })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 422, 422]);
    expect((await act('move', { address: 'no address' })).status).toBe(422);
  });
});

describe('what is stored', () => {
  it('is shown and can be downloaded, all of it, and only one’s own', async () => {
    const { page, pages, subscribe, send } = await opened();
    await subscribe(ADA);
    await send();
    expect(await (await pages.request(page)).text()).toContain('Download all of it');
    const answer = await pages.request(`${page}/stored.json`);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const stored = await answer.json();
    expect(stored).toMatchObject({
      address: ADA,
      status: 'active',
      preferences: { timeZone: 'Asia/Tokyo' },
      digests: [],
      confirmations: [{ kind: 'known', state: 'sent' }],
      bounces: [],
    });
    expect(JSON.stringify(stored)).not.toContain('bo@');
    expect((await pages.request(`${page.slice(0, -1)}/stored.json`)).status).toBe(404);
  });

  it('is erased when the reader is sure, and their old links still answer', async () => {
    const { app, act, page, pages, path, post, status, send, subscribe } = await opened();
    const way = await path('unsubscribe', ADA);
    await subscribe(ADA);
    await send();
    expect((await act('erase')).status).toBe(422);
    expect(await status(ADA)).toBe('active');
    expect((await act('erase', { sure: 'yes' })).text).toContain('Erased');
    expect(await status(ADA)).toBeUndefined();
    for (const table of ['subscriber', 'delivery', 'confirmation', 'attempt', 'bounce'] as const)
      expect(JSON.stringify(await app.db.selectFrom(table).selectAll().execute())).not.toContain(ADA);
    expect((await pages.request(page)).status).toBe(404);
    expect((await pages.request(way)).status).toBe(200);
    expect((await post(way, 'List-Unsubscribe=One-Click')).status).toBe(200);
    expect((await post(`${way}/undo`, '')).status).toBe(409);
    await subscribe(ADA);
    expect(await status(ADA)).toBe('pending');
  });
});
