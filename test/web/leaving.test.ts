// Leaving by the letter of RFC 8058, as mail providers do it; the way back; links of before the secret was changed.
import { describe, expect, it } from 'vitest';
import { linkToken } from '../../src/subscribers/links.ts';
import { setStatus } from '../../src/subscribers/subscriber.ts';
import { readersPages } from '../../src/web/web.ts';
import { doorway, PUBLIC } from './doorway.ts';

const ADA = 'ada@example.org';
const OLD = 'the secret of last year';

describe('a reader who has left', () => {
  it('can take it back on the page for a day, and is what they were', async () => {
    const { add, path, post, status, later } = await doorway();
    await add(ADA, 'paused');
    await add('bo@example.org');
    const way = await path('unsubscribe', ADA);
    const page = await (await post(way, '')).text();
    expect(page).toContain(`action="${way}/undo"`);
    expect((await post(`${way}/undo`, '', { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect(await (await post(`${way}/undo`, '')).text()).toContain('As before');
    expect(await status(ADA)).toBe('paused');
    await post(way, '');
    later(24 * 3600 + 1);
    expect((await post(`${way}/undo`, '')).status).toBe(409);
    expect(await status(ADA)).toBe('unsubscribed');
    expect(await status('bo@example.org')).toBe('active');
  });

  it('is not brought into the list who had never confirmed, nor back who complained', async () => {
    const { app, add, path, post, status, reader } = await doorway();
    await add(ADA, 'pending');
    const way = await path('unsubscribe', ADA);
    await post(way, '');
    await post(`${way}/undo`, '');
    expect(await status(ADA)).toBe('pending');
    await post(way, '');
    await setStatus(app.db, (await reader(ADA)).id, 'suppressed', app.clock);
    await post(`${way}/undo`, '');
    expect(await status(ADA)).toBe('suppressed');
  });
});

describe('links that were made with an older secret', () => {
  it('still let a reader leave, choose and confirm after it was changed', async () => {
    const { app, add, reader, status, desk } = await doorway();
    await add(ADA);
    const { id } = await reader(ADA);
    const parts = { ...app, ...desk, secret: 'the secret of this year', oldSecrets: ['older still', OLD] };
    const pages = readersPages(parts);
    const at = (secret: string) => `/unsubscribe/${linkToken(secret, 'unsubscribe', id)}`;
    expect((await pages.request(at('never ours'), { method: 'POST' })).status).toBe(404);
    expect((await pages.request(`/preferences/${linkToken(OLD, 'preferences', id)}`)).status).toBe(200);
    expect((await pages.request(at(OLD), { method: 'POST' })).status).toBe(200);
    expect(await status(ADA)).toBe('unsubscribed');
  });

  it('need no setting where the installation had made its own secret before one was set', async () => {
    const { app, add, desk, path } = await doorway();
    await add(ADA);
    const way = await path('unsubscribe', ADA);
    const { openDesk } = await import('../../src/desk.ts');
    const settings = { ...app.settings, secret: 'a secret of the operator', oldSecrets: [OLD] };
    const changed = await openDesk(settings, () => {});
    expect(changed).toMatchObject({ secret: settings.secret, oldSecrets: [OLD, desk.secret] });
    const pages = readersPages({ ...app, ...changed });
    expect((await pages.request(way, { method: 'POST' })).status).toBe(200);
  });
});

/** The forms of RFC 8058 §3.2 that mail providers send: the exact body, as a form or in parts, and headers of their kind. */
const PROVIDERS = {
  Gmail: {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Gmail-Unsubscribe-Service',
      accept: '*/*',
    },
    body: 'List-Unsubscribe=One-Click',
  },
  Yahoo: {
    headers: {
      'content-type': 'multipart/form-data; boundary=----YahooBoundary7MA4YWxkTrZu0gW',
      'user-agent': 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html',
    },
    body: '------YahooBoundary7MA4YWxkTrZu0gW\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n------YahooBoundary7MA4YWxkTrZu0gW--\r\n',
  },
  'somebody else, from a page of theirs': {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://mail.example.net',
      'sec-fetch-site': 'cross-site',
      cookie: 'a=b',
    },
    body: 'List-Unsubscribe=One-Click',
  },
};

describe('one click (RFC 8058)', () => {
  it.each(Object.entries(PROVIDERS))('of %s leaves at once', async (_who, { headers, body }) => {
    const { add, pages, path, status } = await doorway();
    await add(ADA);
    const way = await path('unsubscribe', ADA);
    for (let i = 0; i < 3; i++) {
      const response = await pages.request(way, { method: 'POST', headers, body });
      expect(response.status).toBe(200);
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(response.headers.get('location')).toBeNull();
      expect(response.redirected).toBe(false);
    }
    expect(await status(ADA)).toBe('unsubscribed');
  });

  it('of many at the same moment leaves each alone of them, and each once', async () => {
    const { app, add, pages, path, status } = await doorway();
    const addresses = Array.from({ length: 20 }, (_, i) => `reader${i}@example.org`);
    for (const address of addresses) await add(address);
    const ways = await Promise.all(addresses.slice(0, 10).map(address => path('unsubscribe', address)));
    const posts = [...ways, ...ways, ...ways].map(way => pages.request(way, { method: 'POST' }));
    expect((await Promise.all(posts)).map(({ status }) => status)).toEqual(Array(30).fill(200));
    const rows = await app.db
      .selectFrom('subscriber')
      .select('left_from')
      .where('status', '=', 'unsubscribed');
    expect(await rows.execute()).toEqual(Array(10).fill({ left_from: 'active' }));
    expect(await status('reader10@example.org')).toBe('active');
    expect(PUBLIC).toBe(app.settings.publicUrl);
  });
});
