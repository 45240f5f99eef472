// What strangers and programs try at the door: nothing leaks, nothing breaks, and the counts are right.
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { linkToken, type Purpose } from '../../src/subscribers/links.ts';
import { countSubscribers } from '../../src/subscribers/subscriber.ts';
import { openLimits } from '../../src/web/limits.ts';
import { listen } from '../../src/web/listen.ts';
import { doorway, PUBLIC } from './doorway.ts';

const ADA = 'ada@example.org';
const PURPOSES: Purpose[] = ['unsubscribe', 'preferences', 'confirm'];
const INJECTIONS = [
  "'; drop table subscriber; --",
  '" or 1=1 --',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor.constructor("return process")()}}',
  '<%= 7*7 %>',
  '../../../../etc/passwd',
  '\u0000',
  '\u202egro.elpmaxe@ada',
  'a\r\nBcc: victim@example.org\r\n\r\nBUY',
  '%0d%0aSet-Cookie:%20a=b',
];

describe('links', () => {
  it('that are forged, cut, made for something else or for somebody else open nothing', async () => {
    const { app, desk, add, reader, pages, post, status, subscribe, send, linkTo } = await doorway();
    await add(ADA);
    await add('bo@example.org');
    await subscribe('cleo@example.org');
    await send();
    const { id } = await reader(ADA);
    const confirming = (await linkTo('cleo@example.org')).split('/').at(-1) ?? '';
    const before = await app.db.selectFrom('subscriber').selectAll().orderBy('id').execute();
    const right = linkToken(desk.secret, 'unsubscribe', id);
    const forged = [
      '',
      'x',
      right.slice(0, -1),
      right.slice(1),
      `${right}A`,
      right.toLowerCase(),
      `2${right.slice(1)}`,
    ];
    const tried = PURPOSES.flatMap(door =>
      [
        ...forged,
        linkToken('another secret', door, id),
        ...PURPOSES.filter(other => other !== door).map(other => linkToken(desk.secret, other, id)),
        ...(door === 'confirm' ? [linkToken(desk.secret, 'confirm', id)] : [confirming]),
        ...INJECTIONS.map(encodeURIComponent),
        'A'.repeat(10_000),
        '..%2f..%2fsubscribe',
      ].map(token => `/${door}/${token}`),
    );
    for (const path of tried) {
      expect((await pages.request(path)).status, path).toBe(404);
      const answer = await post(path, 'action=erase&sure=yes');
      expect(answer.status, path).toBe(404);
      expect(await answer.text()).not.toMatch(/@example\.org|at .*\.ts:|sqlite|select /i);
    }
    expect(await app.db.selectFrom('subscriber').selectAll().orderBy('id').execute()).toEqual(before);
    expect(await status('bo@example.org')).toBe('active');
  });
});

describe('what is typed', () => {
  const FIELDS = [
    'address',
    'keywords',
    'authors',
    'mutedWords',
    'themes',
    'cadence',
    'weekday',
    'hour',
    'timeZone',
    'length',
    'locale',
    'atLeast',
    'stamp',
    'website',
    'action',
    'until',
  ];

  it('of SQL, HTML, templates, paths and line breaks in every field is text, or is refused in words', async () => {
    const { add, path, post, stamp, app, pages, reader } = await doorway();
    await add('bo@example.org');
    const choose = await path('preferences', 'bo@example.org');
    const signed = await stamp();
    for (const field of FIELDS)
      for (const [n, bad] of INJECTIONS.entries()) {
        const form = { stamp: signed, address: `${field.toLowerCase()}${n}@example.org`, [field]: bad };
        for (const [to, body] of [
          ['/subscribe', form],
          [choose, { action: 'save', ...form }],
        ] as const) {
          const answer = await post(to, body, {
            'x-forwarded-for': `2001:db8:${n}:${FIELDS.indexOf(field)}::1`,
          });
          expect([200, 422], `${field}: ${bad}`).toContain(answer.status);
          const page = await answer.text();
          expect(page).not.toMatch(/<script|<img/);
          expect(answer.headers.get('set-cookie')).toBeNull();
          expect(answer.headers.get('content-security-policy')).not.toContain('unsafe-inline');
        }
      }
    expect((await reader('bo@example.org')).address).toBe('bo@example.org');
    for (const { address } of await app.db.selectFrom('subscriber').select('address').execute())
      expect(address).toMatch(/^[a-z]+\d*@example\.org$/);
    expect((await pages.request(choose)).status).toBe(200);
  });

  it.each([
    ['a line break', 'ada@example.org\nbcc:x@example.org'],
    ['two addresses', 'ada@example.org,bo@example.org'],
    ['a display name', 'Ada <ada@example.org>'],
    ['a quoted local part', '"a b"@example.org'],
    ['letters of no width', 'a\u200bda@example.org'],
    ['a change of direction', '\u202eada@example.org'],
    ['an @ that only looks like one', 'ada＠example.org'],
    ['a dot at the end', 'ada.@example.org'],
    ['no domain', 'ada@'],
    ['an address of numbers', 'ada@[127.0.0.1]'],
    ['a host with a path', 'ada@example.org/../../x'],
    ['a percent sign in the host', 'ada@example%2eorg'],
    ['a NUL', 'ada\u0000@example.org'],
    ['a local part of 65 letters', `${'a'.repeat(65)}@example.org`],
    ['nothing', ''],
  ])('as an address with %s is refused, and stores nothing', async (_what, address) => {
    const { post, stamp, app } = await doorway();
    expect((await post('/subscribe', { stamp: await stamp(), address })).status).toBe(422);
    expect(await app.db.selectFrom('subscriber').selectAll().execute()).toEqual([]);
  });

  it('looks alike and is not: letters of another script make another address', async () => {
    const { subscribe, app } = await doorway();
    await subscribe('ada@example.org');
    await subscribe('аda@example.org');
    await subscribe('ada@exаmple.org');
    const rows = await app.db.selectFrom('subscriber').select('address_key').execute();
    expect(rows.map(row => row.address_key).sort()).toEqual(
      ['ada@example.org', 'ada@xn--exmple-4nf.org', 'аda@example.org'].sort(),
    );
  });

  it('of a megabyte is not read, in any field of any form', async () => {
    const { add, path, post, stamp, app } = await doorway();
    await add(ADA);
    const long = 'x'.repeat(1_000_000);
    for (const field of ['address', 'keywords', 'name'])
      for (const to of ['/subscribe', await path('preferences', ADA), await path('confirm', ADA)])
        expect((await post(to, { stamp: await stamp(), [field]: long })).status).toBe(413);
    expect((await post(await path('unsubscribe', ADA), long)).status).toBe(413);
    expect(await countSubscribers(app.db)).toMatchObject({ active: 1, pending: 0 });
  });
});

describe('a flood', () => {
  it('of sign-ups from one network and from many ends in as many rows and mails as are allowed', async () => {
    const base = await doorway();
    const { post, stamp, send, server, app } = await doorway({
      signUps: { limits: openLimits(base.app.db, 400), mostWaiting: 300 },
    });
    const signed = await stamp();
    const count = 10_000;
    const statuses = new Map<number, number>();
    const tell = ({ status }: Response) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
    for (let i = 0; i < count; i++) {
      const from = i % 2 === 0 ? '198.51.100.1' : `203.0.113.${i % 250}`;
      tell(
        await post(
          '/subscribe',
          { stamp: signed, address: `x${i}@example.org` },
          { 'x-forwarded-for': from },
        ),
      );
    }
    // 30 from the one network, and from the many until so many wait; the limit of all comes after that.
    expect(statuses.get(200)).toBe(300);
    expect([...statuses.keys()].sort()).toEqual([200, 429, 503]);
    expect([...statuses.values()].reduce((sum, n) => sum + n, 0)).toBe(count);
    expect(await countSubscribers(app.db)).toMatchObject({ pending: 300, active: 0 });
    expect((await send()).sent).toBe(300);
    expect(new Set(server.accepted.map(({ to }) => to)).size).toBe(300);
  });

  it('of the same form, pressed many times at once, is one reader and one mail', async () => {
    const { post, stamp, send, server, linkTo, app } = await doorway();
    const form = { stamp: await stamp(), address: ADA };
    await Promise.all(Array.from({ length: 50 }, () => post('/subscribe', form)));
    await Promise.all([send(), send()]);
    expect(server.accepted).toHaveLength(1);
    const link = await linkTo(ADA);
    await Promise.all(Array.from({ length: 25 }, () => post(link, '')));
    expect(await countSubscribers(app.db)).toEqual({
      pending: 0,
      active: 1,
      paused: 0,
      unsubscribed: 0,
      suppressed: 0,
    });
  });
});

describe('a slow visitor', () => {
  it('who sends a body drop by drop holds nobody up, and is let go', async () => {
    const { pages, add, path } = await doorway();
    await add(ADA);
    const web = await listen(pages, 0, new URL(PUBLIC).hostname);
    onTestFinished(web.close);
    const way = await path('unsubscribe', ADA);
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1');
    const closed = new Promise<string>(resolve => {
      let heard = '';
      socket.on('data', chunk => (heard += chunk));
      socket.on('close', () => resolve(heard));
      socket.on('error', () => {});
    });
    const head = `Host: 127.0.0.1\r\nOrigin: ${PUBLIC}\r\nContent-Type: application/x-www-form-urlencoded`;
    socket.write(`POST /subscribe HTTP/1.1\r\n${head}\r\nContent-Length: 4000\r\n\r\naddress=`);
    expect((await fetch(`${web.url}${way}`)).status).toBe(200);
    expect(await closed).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
  });
});
