// How SMTP is spoken: encrypted as the operator wants it, logged in, on connections that are kept, with bounces asked for.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type SmtpOptions, smtpMailer } from '../../src/delivery/mailer/smtp.ts';
import type { PaperroundError } from '../../src/errors.ts';
import { certificate } from '../support/certificate.ts';
import { reply, serve } from '../support/http.ts';
import { temporaryFolder } from '../support/installation.ts';
import { type Behaviour, droppingServer, smtpServer, stubbornServer } from '../support/smtp.ts';
import { message } from './messages.ts';

const good = certificate(undefined, undefined, ['127.0.0.1', 'mail.example.org']);
const TLS = { key: good.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: good.pem };

async function caFile(pem = good.pem): Promise<string> {
  const file = join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, pem);
  return file;
}

/** A server and a mailer for it; `query` is added to the server's URL. */
async function opened(behaviour: Behaviour, query = '', options: SmtpOptions = {}, connections = 1) {
  const server = await smtpServer(behaviour);
  const mailer = smtpMailer(server.url + query, connections, options);
  onTestFinished(() => mailer.close());
  return { server, mailer };
}

async function troubleOf(
  behaviour: Behaviour,
  query = '',
  options: SmtpOptions = {},
): Promise<PaperroundError> {
  const { mailer } = await opened(behaviour, query, options);
  return mailer.check().then(
    () => Promise.reject(new Error('the server was taken to be good')),
    error => error,
  );
}

const login = { user: 'ada', password: 'right' };

describe('encryption', () => {
  it('is used where it is offered, whoever the server is', async () => {
    const { server, mailer } = await opened({ tls: TLS });
    await mailer.check();
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
    expect(server.accepted[0]?.secure).toBe(true);
  });

  it('is done without where it is not offered', async () => {
    const { server, mailer } = await opened({});
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
    expect(server.accepted[0]?.secure).toBe(false);
  });

  it('is done without where the offer is withdrawn, but not where it is required', async () => {
    const server = await droppingServer('dot', 0, 'STARTTLS');
    const mailers = ['', '?tls=required'].map(query => smtpMailer(server.url + query, 1));
    onTestFinished(async () => {
      await Promise.all(mailers.map(mailer => mailer.close()));
    });
    const receipts = await Promise.all(mailers.map(mailer => mailer.send(message('x'))));
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['sent', 'unavailable']);
    expect(server.taken).toHaveLength(1);
  });

  it('that is required stops everything where it is not offered', async () => {
    const error = await troubleOf({}, '?tls=required');
    expect(error.message).toMatch(/does not encrypt the connection/);
    expect(error.hint).toMatch(/smtps:\/\/.*tls=opportunistic/);
  });

  it.each([
    ['by STARTTLS', TLS, '?tls=required'],
    ['from the first byte', { ...TLS, implicit: true }, ''],
  ])('that is required asks for a certificate that is known (%s)', async (_how, tls, query) => {
    const error = await troubleOf({ tls }, query);
    expect(error.message).toMatch(/shows a certificate that is not accepted/);
    expect(error.hint).toMatch(/SMTP_CA/);
    const { server, mailer } = await opened({ tls }, query, { caFile: await caFile() });
    await mailer.check();
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
    expect(server.accepted[0]?.secure).toBe(true);
    expect(server.accepted[0]?.bytes.equals(message('x').bytes)).toBe(true);
  });

  it('that fails though it is offered can be done without, and that is said', async () => {
    // No version of TLS that we know: as servers are that nobody looked after for years.
    const tls = { ...TLS, minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const };
    const error = await troubleOf({ tls });
    expect(error.message).toMatch(/does not encrypt the connection/);
    expect(error.hint).toMatch(/tls=off/);
    const { server, mailer } = await opened({ tls }, '?tls=off');
    await mailer.check();
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
    expect(server.accepted[0]?.secure).toBe(false);
  });

  it('from the first byte on a port that begins in the clear is said to be that', async () => {
    const server = await smtpServer({ tls: TLS });
    const mailer = smtpMailer(server.url.replace('smtp:', 'smtps:'), 1);
    onTestFinished(() => mailer.close());
    const error = await mailer.check().catch(e => e);
    expect(error.message).toMatch(/does not encrypt the connection/);
    expect(error.hint).toMatch(/write smtp:\/\//);
  });

  it('does not accept the certificate of another host, unless that is the one that is meant', async () => {
    const other = certificate(undefined, undefined, ['mail.example.org']);
    const tls = {
      key: other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: other.pem,
    };
    const options = { caFile: await caFile(other.pem) };
    expect((await troubleOf({ tls }, '?tls=required', options)).message).toMatch(/certificate/);
    const { mailer } = await opened({ tls }, '?tls=required&servername=mail.example.org', options);
    await mailer.check();
  });

  it('says what is wrong with the file of certificates', async () => {
    expect(() => smtpMailer('smtps://mail.example.org', 1, { caFile: '/not/there.pem' })).toThrow(
      /SMTP_CA: \/not\/there\.pem cannot be read: ENOENT/,
    );
    const empty = await caFile('nothing');
    expect(() => smtpMailer('smtps://mail.example.org', 1, { caFile: empty })).toThrow(/no certificate in/);
  });
});

describe('a login', () => {
  it.each([
    ['', ['PLAIN', 'LOGIN'], 'PLAIN ada'],
    ['', ['LOGIN'], 'LOGIN ada'],
    ['?auth=login', ['PLAIN', 'LOGIN'], 'LOGIN ada'],
    ['?auth=plain', ['PLAIN', 'LOGIN'], 'PLAIN ada'],
  ])('goes the way that both know (%s of %s)', async (query, authMethods, user) => {
    const { server, mailer } = await opened({ login, authMethods }, query);
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
    expect(server.accepted[0]?.user).toBe(user);
  });

  it.each([
    [535, /refuses the login: 535/, /user and the password/],
    [534, /refuses the login: 534/, /user and the password/],
    [454, /does not let us log in now: 454/, /again later/],
    [504, /does not log in this way: 504/, /auth=plain/],
  ])('that is answered by %i is told apart', async (code, said, hint) => {
    const error = await troubleOf({ login, onLogin: () => code });
    expect(error.message).toMatch(said);
    expect(error.hint).toMatch(hint);
    expect(`${error.message} ${error.hint} ${error.details}`).not.toContain('right');
  });

  it('by a token: it is shown as it is', async () => {
    const { server, mailer } = await opened(
      {
        login: { user: 'ada', password: 'the-token' },
        authMethods: ['XOAUTH2'],
        onToken: token => token === 'the-token',
      },
      '?auth=xoauth2',
    );
    await mailer.check();
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
    expect(server.accepted[0]?.user).toBe('XOAUTH2 ada');
  });

  /** A place that gives tokens for a refresh token, and a server that takes the newest alone. */
  async function withTokens(answer: (asked: number) => [number, object]) {
    const tokens = await serve((response, _asked, number) => {
      const [status, body] = answer(number);
      reply(response, status, JSON.stringify(body), { 'content-type': 'application/json' });
    });
    const query = `?auth=xoauth2&clientId=me&clientSecret=hush&refreshToken=again&tokenUrl=${tokens.url}/token`;
    return { tokens, query };
  }

  it('by a token that is asked for: once for all connections, and again when it is no longer good', async () => {
    let right = 'token1';
    const { tokens, query } = await withTokens(n => [200, { access_token: `token${n}`, expires_in: 3600 }]);
    const behaviour: Behaviour = {
      login: { user: 'ada', password: '' },
      authMethods: ['XOAUTH2'],
      onToken: token => token === right,
    };
    const { server, mailer } = await opened(behaviour, query, { messagesPerConnection: 1 }, 3);
    await mailer.check();
    const receipts = await Promise.all(['a', 'b', 'c'].map(id => mailer.send(message(id))));
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['sent', 'sent', 'sent']);
    expect(tokens.requests).toHaveLength(1);
    right = 'token2';
    expect((await mailer.send(message('d'))).outcome).toBe('sent');
    expect(tokens.requests).toHaveLength(2);
    expect(server.accepted).toHaveLength(4);
  });

  it('by a token that nobody gives is told apart from one that is refused', async () => {
    const { query } = await withTokens(() => [
      400,
      { error: 'invalid_grant', error_description: 'withdrawn' },
    ]);
    const behaviour = { login: { user: 'ada', password: '' }, authMethods: ['XOAUTH2'] };
    const error = await troubleOf(behaviour, query);
    expect(error.message).toMatch(/there is no access token: invalid_grant: withdrawn/);
    expect(error.hint).toMatch(/refreshToken/);
    expect(`${error.message} ${error.hint}`).not.toMatch(/hush|again&/);
    const bad = await withTokens(n => [200, { access_token: `bad${n}`, expires_in: 3600 }]);
    expect((await troubleOf({ ...behaviour, onToken: () => false }, bad.query)).message).toMatch(
      /refuses the login/,
    );
  });
});

describe('a connection', () => {
  it('is kept for all messages, or for as many as are set', async () => {
    const kept = await opened({});
    const ids = Array.from({ length: 7 }, (_, n) => `m${n}`);
    for (const id of ids) await kept.mailer.send(message(id));
    expect(kept.server.sessions()).toBe(1);
    const changed = await opened({}, '', { messagesPerConnection: 3 });
    for (const id of ids) expect((await changed.mailer.send(message(id))).outcome).toBe('sent');
    expect([changed.server.sessions(), changed.server.accepted.length]).toEqual([3, 7]);
  });

  it('says its name as it is told to', async () => {
    const { server, mailer } = await opened({}, '?ehlo=papers.example.org');
    await mailer.send(message('x'));
    expect(server.accepted[0]?.ehlo).toBe('papers.example.org');
  });
});

describe('a bounce', () => {
  it('is asked for with the marks of the message and of the reader (RFC 3461)', async () => {
    const { server, mailer } = await opened({});
    await mailer.send(message('mark', 'ada+x=y@example.org'));
    expect(server.accepted[0]?.params).toMatchObject({
      RET: 'HDRS',
      ENVID: 'mark@example.org',
      NOTIFY: 'FAILURE,DELAY',
      ORCPT: 'rfc822;ada+x=y@example.org',
    });
  });

  it.each([
    ['the server does not offer it', { hideDSN: true }, ''],
    ['the operator does not want it', {}, '?dsn=off'],
  ])('is not asked for where %s', async (_why, behaviour, query) => {
    const { server, mailer } = await opened(behaviour, query);
    expect((await mailer.send(message('x'))).outcome).toBe('sent');
    expect(Object.keys(server.accepted[0]?.params ?? {})).toEqual([]);
  });

  it('of an address beyond ASCII is asked for without the address', async () => {
    const { server, mailer } = await opened({});
    await mailer.send(message('x', 'größe@example.org'));
    expect(server.accepted[0]?.params).toMatchObject({
      SMTPUTF8: true,
      BODY: '8BITMIME',
      ENVID: 'x@example.org',
    });
    expect(server.accepted[0]?.params).not.toHaveProperty('ORCPT');
  });
});

describe('a message that is too long for the server', () => {
  it('is not even begun, and its reader is not blamed', async () => {
    const { server, mailer } = await opened({ size: 100 });
    const receipt = await mailer.send({ ...message('x'), bytes: Buffer.alloc(101, 'x') });
    expect(receipt).toMatchObject({
      outcome: 'refused',
      answer: expect.stringMatching(/larger than allowed 100/),
    });
    expect(server.accepted).toEqual([]);
  });
});

it('a server that closes with 421 at the greeting asks for time, and is told of so', async () => {
  const { url } = await stubbornServer('421 4.3.2 too busy');
  const mailer = smtpMailer(url, 1);
  onTestFinished(() => mailer.close());
  expect(await mailer.send(message('x'))).toMatchObject({ outcome: 'unavailable', quiet: 'relay' });
  await expect(mailer.check()).rejects.toThrow(/asks us to come back later: 421/);
});
