// Subscribing: a form, a mail, a button; and nobody gets mail who did not ask for it.
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { setStatus } from '../../src/subscribers/subscriber.ts';
import { forgetUnconfirmed } from '../../src/subscribers/unconfirmed.ts';
import { openLimits } from '../../src/web/limits.ts';
import { doorway, PUBLIC } from './doorway.ts';

const ADA = 'ada@example.org';

describe('somebody who subscribes', () => {
  it('gets one mail with one link, whose button makes them a reader with what they chose', async () => {
    const { subscribe, send, server, linkTo, pages, post, reader, status } = await doorway();
    const answer = await subscribe('Ada@Example.org', {
      keywords: 'diffusion\nrobot',
      authors: 'Lovelace, Ada',
      cadence: 'weekly',
      weekday: 'monday',
      hour: '18',
      timeZone: 'Europe/Paris',
      length: 'brief',
      atLeast: '3',
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Look into your mailbox');
    expect(await status(ADA)).toBe('pending');
    expect(await send()).toEqual({ sent: 1, refused: 0, later: 0 });
    const link = await linkTo('Ada@example.org');
    expect(link).toMatch(/^\/confirm\/1[\w-]{43}$/);
    expect(await (await pages.request(link)).text()).toContain('every Monday at 18:00 (Europe/Paris)');
    expect(await status(ADA)).toBe('pending');
    const welcome = await post(link, '');
    expect(welcome.status).toBe(200);
    expect(await welcome.text()).toContain('Welcome');
    expect(await reader(ADA)).toMatchObject({
      status: 'active',
      preferences: {
        keywords: ['diffusion', 'robot'],
        authors: ['Lovelace, Ada'],
        cadence: 'weekly',
        weekday: 'monday',
        hour: 18,
        timeZone: 'Europe/Paris',
        length: 'brief',
        atLeast: 3,
      },
    });
    expect(server.accepted).toHaveLength(1);
  });

  it('gets a mail that is no bulk mail, says nothing that anybody typed, and whose way out works', async () => {
    const { subscribe, send, server, pages, status } = await doorway();
    await subscribe(ADA, { keywords: 'BUY CHEAP WATCHES http://spam.example' });
    await send();
    const mail = await simpleParser(server.accepted[0]?.bytes ?? '');
    expect(mail.subject).toBe('Confirm your subscription to Daily Papers');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.has('precedence')).toBe(false);
    expect(mail.headers.has('list-id')).toBe(false);
    expect(`${mail.html}${mail.text}`).not.toMatch(/watches|spam|ada@/i);
    expect((mail.html || '').match(/<a /g)).toHaveLength(1);
    expect(mail.text?.match(/https:/g)).toHaveLength(1);
    const way = /<https:\/\/papers\.example\.org(\/unsubscribe\/[^>]+)>/.exec(
      server.accepted[0]?.bytes.toString().replace(/\r\n /g, ' ') ?? '',
    );
    expect((await pages.request(way?.[1] ?? '', { method: 'POST' })).status).toBe(200);
    expect(await status(ADA)).toBe('unsubscribed');
  });

  it('finds the form of all choices after the box of the front page, with the address filled in', async () => {
    const { post, status } = await doorway();
    const answer = await (await post('/subscribe', { address: ADA })).text();
    expect(answer).toContain(`value="${ADA}"`);
    expect(answer).toContain('name="timeZone"');
    expect(await status(ADA)).toBeUndefined();
  });

  it('is not told whether an address is known, by words, status or headers', async () => {
    const { subscribe, add } = await doorway();
    for (const status of ['active', 'paused', 'pending', 'unsubscribed', 'suppressed'] as const)
      await add(`${status}@example.org`, status);
    const answers = [];
    for (const name of ['nobody', 'active', 'paused', 'pending', 'unsubscribed', 'suppressed', 'active']) {
      const answer = await subscribe(`${name}@example.org`);
      const words = (await answer.text()).replaceAll(name, 'NAME');
      answers.push({ status: answer.status, words, headers: [...answer.headers.keys()].join() });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('and reads already is told so by mail, with their own link; nothing else changes', async () => {
    const { add, subscribe, send, server, linkTo, reader } = await doorway();
    await add(ADA, 'active', { keywords: ['ferry'] });
    const before = await reader(ADA);
    await subscribe(ADA, { keywords: 'something else' });
    await send();
    expect((await simpleParser(server.accepted[0]?.bytes ?? '')).subject).toBe(
      'You read Daily Papers already',
    );
    expect(await linkTo(ADA)).toMatch(/^\/preferences\//);
    expect(await reader(ADA)).toEqual(before);
  });

  it('again after leaving, on the same day, needs a new confirmation, and the old link brings nobody back', async () => {
    const { subscribe, send, server, linkTo, post, path, status } = await doorway();
    await subscribe(ADA);
    await send();
    const first = await linkTo(ADA);
    await post(first, '');
    await post(await path('unsubscribe', ADA), 'List-Unsubscribe=One-Click', { origin: '' });
    expect(await status(ADA)).toBe('unsubscribed');
    expect(await (await post(first, '')).text()).toContain('You have left since');
    expect(await status(ADA)).toBe('unsubscribed');
    await subscribe(ADA);
    expect(await status(ADA)).toBe('unsubscribed');
    await send();
    expect(server.accepted).toHaveLength(2);
    const second = await linkTo(ADA);
    expect(second).not.toBe(first);
    expect((await post(first, '')).status).toBe(404);
    await post(second, '');
    expect(await status(ADA)).toBe('active');
  });

  it('with an address that complained gets no mail, until the operator says otherwise', async () => {
    const { app, add, subscribe, send, server, reader, status } = await doorway();
    await add(ADA, 'suppressed');
    await subscribe(ADA);
    expect(await send()).toEqual({ sent: 0, refused: 0, later: 0 });
    await setStatus(app.db, (await reader(ADA)).id, 'unsubscribed', app.clock, ['suppressed']);
    await subscribe(ADA);
    await send();
    expect(server.accepted).toHaveLength(1);
    expect(await status(ADA)).toBe('unsubscribed');
  });

  it('with an address in other scripts gets the mail there', async () => {
    const { subscribe, send, server, status } = await doorway();
    const addresses = ['müller@bücher.example', '用户@例子.广告', 'δοκιμή@παράδειγμα.δοκιμή'];
    for (const address of addresses) expect((await subscribe(address)).status).toBe(200);
    expect((await send()).sent).toBe(3);
    // By SMTPUTF8, with the domain in its ASCII form; this server shows it decoded.
    expect(server.accepted.map(({ to }) => to).sort()).toEqual(addresses.sort());
    expect(await status('müller@xn--bcher-kva.example')).toBe('pending');
  });

  it('is asked whether they mean another when the address looks like a slip', async () => {
    const { subscribe } = await doorway();
    expect(await (await subscribe('ada@gmial.com')).text()).toContain('Did you mean ada@gmail.com?');
  });
});

describe('the link of a confirmation mail', () => {
  it('does nothing by GET and HEAD, a hundred times; its button works once, and again is no harm', async () => {
    const { subscribe, send, linkTo, pages, post, status, app } = await doorway();
    await subscribe(ADA);
    await send();
    const link = await linkTo(ADA);
    for (let i = 0; i < 100; i++) {
      expect((await pages.request(link)).status).toBe(200);
      expect((await pages.request(link, { method: 'HEAD' })).status).toBe(200);
    }
    expect(await status(ADA)).toBe('pending');
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(link, '')));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(await status(ADA)).toBe('active');
    expect(await app.db.selectFrom('subscriber').select('id').execute()).toHaveLength(1);
  });

  it('is over after a week, and then the stranger is forgotten', async () => {
    const { app, subscribe, send, linkTo, pages, post, status, later, add } = await doorway();
    await subscribe(ADA);
    await add('imported@example.org', 'pending');
    await send();
    const link = await linkTo(ADA);
    later(7 * 24 * 3600);
    expect((await pages.request(link)).status).toBe(404);
    expect((await post(link, '')).status).toBe(404);
    expect(await forgetUnconfirmed(app.db, app.clock)).toBe(1);
    expect(await status(ADA)).toBeUndefined();
    expect(await status('imported@example.org')).toBe('pending');
    expect(await app.db.selectFrom('confirmation').selectAll().execute()).toEqual([]);
  });

  it('is taken from our own page only, and not with a link of another purpose', async () => {
    const { subscribe, send, linkTo, post, path, status } = await doorway();
    await subscribe(ADA);
    await send();
    const link = await linkTo(ADA);
    expect((await post(link, '', { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post((await path('unsubscribe', ADA)).replace('unsubscribe', 'confirm'), '')).status).toBe(
      404,
    );
    expect((await post(link.slice(0, -2), '')).status).toBe(404);
    expect(await status(ADA)).toBe('pending');
  });
});

describe('the mails of the door', () => {
  it('go out once, whoever sends at the same moment', async () => {
    const { subscribe, send, server } = await doorway();
    for (let i = 0; i < 12; i++) await subscribe(`reader${i}@example.org`);
    await Promise.all([send(), send(), send()]);
    expect(server.accepted.map(({ to }) => to).sort()).toEqual(
      Array.from({ length: 12 }, (_, i) => `reader${i}@example.org`).sort(),
    );
  });

  it('are tried again later, as the same message, when the server says “not now”', async () => {
    let tries = 0;
    const { subscribe, send, server, later, app } = await doorway({
      behaviour: { onRcpt: () => (tries++ === 0 ? 451 : undefined) },
    });
    await subscribe(ADA);
    expect(await send()).toEqual({ sent: 0, refused: 0, later: 1 });
    const before = await app.db.selectFrom('confirmation').select('message_id').executeTakeFirstOrThrow();
    expect(await send()).toEqual({ sent: 0, refused: 0, later: 0 });
    later(61);
    expect(await send()).toEqual({ sent: 1, refused: 0, later: 0 });
    expect(server.accepted[0]?.bytes.toString()).toContain(before.message_id);
  });

  it('that were being handed over when the process died are sent again with the same Message-ID', async () => {
    const { app, subscribe, send, server, later } = await doorway();
    await subscribe(ADA);
    await send();
    const lease_until = '2000-01-01T00:00:00.000Z';
    await app.db.updateTable('confirmation').set({ state: 'sending', lease_until }).execute();
    later(1);
    await send();
    const ids = server.accepted.map(({ bytes }) => /^Message-ID: (.*)\r$/im.exec(bytes.toString())?.[1]);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it('wait for a day at most: who asked the day before yesterday is not surprised', async () => {
    const { subscribe, send, later } = await doorway();
    await subscribe(ADA);
    later(25 * 3600);
    expect(await send()).toEqual({ sent: 0, refused: 0, later: 0 });
  });
});

describe('who abuses the form', () => {
  it('sends one mail to an address a day, however often it is typed, and however it is written', async () => {
    const { post, stamp, send, server, later, subscribe, app } = await doorway();
    const signed = await stamp();
    const spellings = [ADA, 'ADA@example.org', 'ada@EXAMPLE.org', ' ada@example.org '];
    await Promise.all(
      Array.from({ length: 300 }, (_, i) =>
        post('/subscribe', { stamp: signed, address: spellings[i % 4] ?? '' }),
      ),
    );
    await send();
    expect(server.accepted).toHaveLength(1);
    expect(await app.db.selectFrom('subscriber').select('id').execute()).toHaveLength(1);
    later(23 * 3600);
    await subscribe(ADA);
    await send();
    expect(server.accepted).toHaveLength(1);
    later(3600);
    await subscribe(ADA);
    await send();
    expect(server.accepted).toHaveLength(2);
  });

  it('is slowed by its network, whatever addresses it types and whatever it claims to be', async () => {
    const { subscribe, app } = await doorway();
    const forged = () => `10.${Math.trunc(Math.random() * 255)}.0.1, 198.51.100.7`;
    const statuses = [];
    for (let i = 0; i < 40; i++)
      statuses.push((await subscribe(`x${i}@example.org`, {}, { 'x-forwarded-for': forged() })).status);
    expect(statuses.filter(status => status === 200)).toHaveLength(30);
    expect(statuses.slice(30)).toEqual(Array(10).fill(429));
    const other = await subscribe('y@example.org', {}, { 'x-forwarded-for': '198.51.100.8' });
    expect(other.status).toBe(200);
    expect(await app.db.selectFrom('subscriber').select('id').execute()).toHaveLength(31);
  });

  it('from many networks is stopped by the limit of all, and by the number of those who wait', async () => {
    const many = await doorway();
    const limited = await doorway({ signUps: { limits: openLimits(many.app.db, 5) } });
    const full = await doorway({ signUps: { mostWaiting: 4 } });
    const statuses = async ({ subscribe }: typeof full) => {
      const all = [];
      for (let i = 0; i < 8; i++) {
        const from = { 'x-forwarded-for': `203.0.113.${i}` };
        all.push((await subscribe(`x${i}@example.org`, {}, from)).status);
      }
      return all;
    };
    expect(await statuses(limited)).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    expect(await statuses(full)).toEqual([200, 200, 200, 200, 503, 503, 503, 503]);
  });

  it('fills in what nobody sees, and is answered as everybody; nothing is stored or sent', async () => {
    const { subscribe, status } = await doorway();
    const answer = await subscribe(ADA, { website: 'https://spam.example' });
    expect(await answer.text()).toContain('Look into your mailbox');
    expect(await status(ADA)).toBeUndefined();
  });

  it('is too fast, too late, or has made the stamp itself, and gets the form again', async () => {
    const { pages, post, later, status, stamp } = await doorway();
    const fast =
      /name="stamp" value="([^"]+)"/.exec(await (await pages.request('/subscribe')).text())?.[1] ?? '';
    const old = await stamp();
    const right = await stamp();
    for (const bad of [
      '',
      'x',
      `${right}x`,
      right.replace(/^./, '1'),
      `${right.split('.')[0]}.${'A'.repeat(22)}`,
    ])
      expect(await (await post('/subscribe', { stamp: bad, address: ADA })).text()).toContain(
        'press Subscribe again',
      );
    later(24 * 3600);
    expect(await (await post('/subscribe', { stamp: old, address: ADA })).text()).toContain(
      'press Subscribe again',
    );
    expect(fast).not.toBe('');
    expect(await status(ADA)).toBeUndefined();
  });

  it('is only quick, and gets through by pressing again: the form goes on ageing', async () => {
    const { pages, post, later, status } = await doorway();
    const stampIn = (page: string) => /name="stamp" value="([^"]+)"/.exec(page)?.[1] ?? '';
    let stamp = stampIn(await (await pages.request('/subscribe')).text());
    for (let i = 0; i < 2; i++) {
      stamp = stampIn(await (await post('/subscribe', { stamp, address: ADA })).text());
      later(1);
    }
    expect(await (await post('/subscribe', { stamp, address: ADA })).text()).toContain(
      'Look into your mailbox',
    );
    expect(await status(ADA)).toBe('pending');
  });

  it('posts from another site, and is refused', async () => {
    const { post, stamp, status } = await doorway();
    const body = { stamp: await stamp(), address: ADA };
    expect((await post('/subscribe', body, { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post('/subscribe', body, { origin: PUBLIC })).status).toBe(200);
    expect(await status(ADA)).toBe('pending');
  });
});
