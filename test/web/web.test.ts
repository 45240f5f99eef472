// Leaving is one tap, for ever: POST leaves, GET never changes anything, and nobody can make somebody else leave.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.ts';
import { publish } from '../../src/editions/publish.ts';
import { announce } from '../../src/papers/announce.ts';
import { storeAnnouncements } from '../../src/papers/store-papers.ts';
import { instantText } from '../../src/store/schema.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { linkToken } from '../../src/subscribers/links.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import { findSubscriber, storeSubscriber } from '../../src/subscribers/subscriber.ts';
import { readersPages } from '../../src/web/web.ts';
import { installation, temporaryFolder } from '../support/installation.ts';
import { png } from '../support/pictures.ts';

async function opened(config: Config = {}) {
  const app = await installation({ publicUrl: 'https://papers.example.org', ...config });
  const { secret, masthead } = await app.desk();
  const pages = readersPages({ ...app, secret, masthead });
  for (const email of ['ada@example.org', 'bo@example.org']) {
    const address = readAddress(email);
    if ('problem' in address) throw new Error(address.problem);
    const preferences = Preferences.parse({});
    const reader = { address, name: null, status: undefined, initialStatus: 'active' as const, preferences };
    await app.db.transaction().execute(tx => storeSubscriber(tx, reader, app.clock));
  }
  const status = async (email: string) => (await findSubscriber(app.db, email))?.status;
  const ada = await findSubscriber(app.db, 'ada@example.org');
  const path = `/unsubscribe/${linkToken(secret, 'unsubscribe', ada?.id ?? '')}`;
  return { app, pages, path, status };
}

const oneClick = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
};

describe('leaving', () => {
  it('happens at once by the POST of RFC 8058, without cookie or redirect, and again without complaint', async () => {
    const { pages, path, status } = await opened();
    for (let i = 0; i < 3; i++) {
      const response = await pages.request(path, oneClick);
      expect(response.status).toBe(200);
      expect(response.headers.get('set-cookie')).toBeNull();
      expect(response.headers.get('location')).toBeNull();
    }
    expect(await status('ada@example.org')).toBe('unsubscribed');
    expect(await status('bo@example.org')).toBe('active');
  });

  it('does not happen by GET or HEAD, however often a scanner tries', async () => {
    const { pages, path, status } = await opened();
    for (let i = 0; i < 100; i++) {
      expect((await pages.request(path)).status).toBe(200);
      await pages.request(path, { method: 'HEAD' });
    }
    expect(await status('ada@example.org')).toBe('active');
  });

  it('shows who would leave, and a button', async () => {
    const { pages, path } = await opened();
    const body = await (await pages.request(path)).text();
    expect(body).toContain('ada@example.org');
    expect(body).toMatch(/<form method="post"><button>Unsubscribe/);
  });

  it.each(['multipart/form-data; boundary=x', 'text/plain', ''])(
    'happens whatever the content type is (%s)',
    async type => {
      const { pages, path, status } = await opened();
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      expect((await pages.request(path, { method: 'POST', headers, body: 'x' })).status).toBe(200);
      expect(await status('ada@example.org')).toBe('unsubscribed');
    },
  );

  it('is refused to forged, cut and foreign links, which change nothing', async () => {
    const { pages, path, status } = await opened();
    const forged = [
      path.slice(0, -1),
      `${path}x`,
      `${path.slice(0, 20)}AAAA${path.slice(24)}`,
      '/unsubscribe/x',
      `/unsubscribe/${'A'.repeat(5000)}`,
    ];
    for (const bad of forged) expect((await pages.request(bad, oneClick)).status).toBe(404);
    expect(await status('ada@example.org')).toBe('active');
    expect(await status('bo@example.org')).toBe('active');
  });

  it('does not read a body of a megabyte', async () => {
    const { pages, path, status } = await opened();
    const response = await pages.request(path, {
      ...oneClick,
      body: 'x'.repeat(1_000_000),
      headers: { 'content-length': '1000000' },
    });
    expect(response.status).toBe(413);
    expect(await status('ada@example.org')).toBe('active');
  });
});

describe('an edition in the browser', () => {
  it('shows every paper of the edition and nobody’s own links', async () => {
    const { app, pages } = await opened();
    const titles = Array.from({ length: 300 }, (_, i) => `Paper number ${i} about image generation`);
    const announcements = titles.map(title =>
      announce({ where: 't', title, abstract: 'We propose it. It works.', announcedOn: '2026-08-20' }),
    );
    const good = announcements.filter(a => 'paper' in a);
    await app.db
      .transaction()
      .execute(tx =>
        storeAnnouncements(tx, good, { source: 'test', at: instantText(app.clock()), day: '2026-08-20' }),
      );
    await publish(app.press, '2026-08-20');
    const response = await pages.request('/2026-08-20');
    const body = await response.text();
    for (const title of titles) expect(body).toContain(`>${title}<`);
    expect(body).not.toMatch(/unsubscribe|[\ue000\ue001]/i);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('has the logo in the page itself, which loads nothing', async () => {
    const logo = join(await temporaryFolder(), 'logo.png');
    await writeFile(logo, png(9, 9));
    const { app, pages } = await opened({ logo });
    const announced = announce({ where: 't', title: 'Ferry', abstract: '', announcedOn: '2026-08-20' });
    if (!('paper' in announced)) throw new Error('it was refused');
    const told = { source: 'test', at: instantText(app.clock()), day: '2026-08-20' };
    await app.db.transaction().execute(tx => storeAnnouncements(tx, [announced], told));
    await publish(app.press, '2026-08-20');
    const response = await pages.request('/2026-08-20');
    expect(await response.text()).toMatch(
      /<img src="data:image\/png;base64,[^"]+" width="9" height="9" alt=/,
    );
    expect(response.headers.get('content-security-policy')).toContain('img-src data:;');
  });

  it.each(['/2026-08-19', '/9999-99-99', '/nothing', '/unsubscribe/'])(
    'answers 404 with a page of its own at %s',
    async path => {
      const { pages } = await opened();
      const response = await pages.request(path);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('<!doctype html>');
    },
  );
});
