// A reader's preferences by the link of any mail: GET shows, POST changes, and only the reader's own.
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { readAddress } from '../../src/subscribers/address.ts';
import { linkToken } from '../../src/subscribers/links.ts';
import { Preferences } from '../../src/subscribers/preferences.ts';
import {
  findSubscriber,
  setPreferences,
  setStatus,
  storeSubscriber,
} from '../../src/subscribers/subscriber.ts';
import { readersPages } from '../../src/web/web.ts';
import { installation } from '../support/installation.ts';

const HOSTILE = '"><script>alert(1)</script>';

async function opened() {
  const app = await installation({ publicUrl: 'https://papers.example.org' });
  const desk = await app.desk();
  const pages = readersPages({ ...app, ...desk });
  for (const email of ['ada@example.org', 'bo@example.org']) {
    const address = readAddress(email);
    if ('problem' in address) throw new Error(address.problem);
    const preferences = Preferences.parse({ keywords: ['ferry'], hour: 9, timeZone: 'Europe/Paris' });
    const reader = { address, name: null, status: undefined, initialStatus: 'active' as const, preferences };
    await app.db.transaction().execute(tx => storeSubscriber(tx, reader, app.clock));
  }
  const reader = async (email = 'ada@example.org') => {
    const known = await findSubscriber(app.db, email);
    if (known === undefined) throw new Error(`nobody is ${email}`);
    return known;
  };
  const path = `/preferences/${linkToken(desk.secret, 'preferences', (await reader()).id)}`;
  const post = (body: string, origin = 'http://localhost') =>
    pages.request(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
    });
  return { app, desk, pages, path, post, reader };
}

describe('a reader’s preferences', () => {
  it('are shown by GET and HEAD, which change nothing, however often a scanner tries', async () => {
    const { pages, path, reader } = await opened();
    const before = await reader();
    for (let i = 0; i < 20; i++) {
      expect(await (await pages.request(path)).text()).toContain('>ferry</textarea>');
      await pages.request(`${path}?action=pause&keywords=x`, { method: 'HEAD' });
    }
    expect(await reader()).toEqual(before);
  });

  it('are changed by POST, those of nobody else, and what the form does not ask for stays', async () => {
    const { post, reader } = await opened();
    const answer = await post(
      'action=save&keywords=diffusion%2C+robot&authors=&mutedWords=survey&length=brief&cadence=weekly&weekday=monday&locale=de-CH&themes=agents&themes=speech',
    );
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Saved');
    expect((await reader()).preferences).toMatchObject({
      keywords: ['diffusion', 'robot'],
      authors: [],
      mutedWords: ['survey'],
      length: 'brief',
      cadence: 'weekly',
      weekday: 'monday',
      locale: 'de-CH',
      themes: ['agents', 'speech'],
      hour: 9,
      timeZone: 'Europe/Paris',
    });
    expect((await reader('bo@example.org')).preferences.keywords).toEqual(['ferry']);
  });

  it('stay whole when they are saved as they stand on the page, commas and all', async () => {
    const { app, post, reader } = await opened();
    const { id, preferences } = await reader();
    const wants = { ...preferences, authors: ['Lovelace, Ada'], keywords: ['bits, pieces', 'robot'] };
    await setPreferences(app.db, id, wants, app.clock);
    const lines = (phrases: string[]) => phrases.join('\r\n');
    const form = { action: 'save', authors: lines(wants.authors), keywords: lines(wants.keywords) };
    await post(String(new URLSearchParams(form)));
    expect((await reader()).preferences).toMatchObject({ authors: wants.authors, keywords: wants.keywords });
    await post(String(new URLSearchParams({ ...form, keywords: 'one, two; three', authors: 'A, B; C' })));
    expect((await reader()).preferences).toMatchObject({
      keywords: ['one', 'two', 'three'],
      authors: ['A, B', 'C'],
    });
  });

  it('of who has left or is suppressed are not changed, and every answer says so', async () => {
    const { app, post, reader } = await opened();
    const { id } = await reader();
    for (const status of ['unsubscribed', 'suppressed'] as const) {
      await setStatus(app.db, id, status, app.clock);
      for (const action of ['pause', 'resume', 'save', 'move']) {
        const answer = await post(`action=${action}&keywords=x&address=x%40example.org`);
        expect(answer.status, `${action} by who is ${status}`).toBe(422);
        expect(await answer.text()).toContain('Nothing was changed.');
      }
      expect(await reader()).toMatchObject({ status, preferences: { keywords: ['ferry'] } });
    }
  });

  it('are changed behind a proxy too, which speaks TLS with the reader and none with us', async () => {
    const { post, reader } = await opened();
    expect((await post('action=pause', 'https://papers.example.org')).status).toBe(200);
    expect((await reader()).status).toBe('paused');
  });

  it('keep what they were when one of them cannot be, and say what is allowed', async () => {
    const { post, reader } = await opened();
    const answer = await post('action=save&length=endless');
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('allowed: brief, standard, full');
    for (const nothing of ['', 'keywords=&length=brief']) expect((await post(nothing)).status).toBe(422);
    expect((await reader()).preferences.keywords).toEqual(['ferry']);
  });

  it('can be paused and gone on with; who has left is not brought back', async () => {
    const { app, post, reader } = await opened();
    await post('action=pause');
    expect((await reader()).status).toBe('paused');
    expect(await (await post('action=resume')).text()).toContain('You get mail again');
    expect((await reader()).status).toBe('active');
    await setStatus(app.db, (await reader()).id, 'unsubscribed', app.clock);
    expect(await (await post('action=resume')).text()).toContain('You have left');
    expect((await reader()).status).toBe('unsubscribed');
  });

  it('are open to nobody by another link, by a damaged one, or from another site', async () => {
    const { desk, pages, path, post, reader } = await opened();
    const id = (await reader()).id;
    const other = `/preferences/${linkToken(desk.secret, 'unsubscribe', id)}`;
    for (const wrong of [other, path.slice(0, -1), `${path}x`, '/preferences/x'])
      expect((await pages.request(wrong)).status).toBe(404);
    expect((await post('action=pause', 'https://elsewhere.example')).status).toBe(403);
    expect((await reader()).status).toBe('active');
  });

  it('stand in sound HTML, whatever somebody typed', async () => {
    const { post, pages, path } = await opened();
    await post(`action=save&keywords=${encodeURIComponent(HOSTILE)}`);
    const page = await (await pages.request(path)).text();
    expect(page).not.toContain('<script');
    expect(page).toContain('&quot;&gt;&lt;script&gt;');
    const validator = new HtmlValidate({
      extends: ['html-validate:standard'],
      rules: {
        'no-trailing-whitespace': 'off',
        'doctype-style': 'off',
        'long-title': 'off',
        'no-inline-style': 'off',
        'no-implicit-button-type': 'off',
        'wcag/h32': 'off',
      },
    });
    const { results } = await validator.validateString(page);
    expect(results.flatMap(({ messages }) => messages.map(m => `${m.ruleId}: ${m.message}`))).toEqual([]);
  });
});
