// Real SMTP servers for tests, on loopback: one that keeps what it accepts and misbehaves on demand, one made of raw bytes.
import { createServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { TlsOptions } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A mail that the server accepted. */
export interface Accepted {
  from: string;
  to: string;
  bytes: Buffer;
  /** What stood behind MAIL FROM and RCPT TO. */
  params: Record<string, unknown>;
  /** Whether it came encrypted. */
  secure: boolean;
  /** What its sender called itself. */
  ehlo: string;
  /** By which way its sender had logged in. */
  user: string | undefined;
}

/** Answers of the server: return nothing to accept, or the reply code with which to refuse. */
export interface Behaviour {
  onFrom?: (from: string) => number | undefined;
  onRcpt?: (to: string) => number | undefined;
  onMessage?: (to: string, bytes: Buffer) => number | undefined;
  login?: { user: string; password: string };
  /** What is offered for a login, and whether a token of XOAUTH2 is right. */
  authMethods?: string[];
  onToken?: (token: string) => boolean;
  /** Answers to a login, before it is looked at. */
  onLogin?: () => number | undefined;
  /** Encrypts: from the first byte, or by STARTTLS. */
  tls?: { key: string; cert: string; implicit?: boolean } & Pick<TlsOptions, 'minVersion' | 'maxVersion'>;
  /** Does not offer SMTPUTF8. */
  hideSMTPUTF8?: boolean;
  hideDSN?: boolean;
  /** Where it listens; else anywhere. */
  port?: number;
  /** The longest message it takes, in bytes. */
  size?: number;
  /** Does not offer PIPELINING. */
  hidePIPELINING?: boolean;
  /** How long it thinks before it takes a message, and before it says so. */
  delayMs?: number;
  /** Waited for after a message was taken, before the server says so. */
  hold?: (to: string) => Promise<unknown>;
}

const refusal = (code: number) => Object.assign(new Error(`refused with ${code}`), { responseCode: code });

const think = (ms = 0) => (ms === 0 ? undefined : new Promise<void>(resolve => setTimeout(resolve, ms)));

/** Starts a real SMTP server on a free port; closed when the test ends. */
export async function smtpServer(
  behaviour: Behaviour = {},
): Promise<{ url: string; accepted: Accepted[]; sessions: () => number }> {
  const accepted: Accepted[] = [];
  let sessions = 0;
  const options: SMTPServerOptions = {
    authOptional: behaviour.login === undefined,
    allowInsecureAuth: true,
    ...(behaviour.authMethods && { authMethods: behaviour.authMethods }),
    ...(behaviour.tls
      ? { ...behaviour.tls, secure: behaviour.tls.implicit ?? false }
      : { disabledCommands: ['STARTTLS'] }),
    hideDSN: behaviour.hideDSN ?? false,
    ...(behaviour.size !== undefined && { size: behaviour.size }),
    disableReverseLookup: true,
    logger: false,
    hideSMTPUTF8: behaviour.hideSMTPUTF8 ?? false,
    hidePIPELINING: behaviour.hidePIPELINING ?? false,
    onConnect(_session, done) {
      sessions++;
      done();
    },
    onAuth(auth, _session, done) {
      const code = behaviour.onLogin?.();
      if (code !== undefined) return done(refusal(code));
      if (auth.method === 'XOAUTH2') {
        if (behaviour.onToken?.(auth.accessToken ?? ''))
          return done(null, { user: `${auth.method} ${auth.username}` });
        return done(null, { data: { status: '401', schemes: 'bearer' } });
      }
      const right = auth.username === behaviour.login?.user && auth.password === behaviour.login?.password;
      if (right) done(null, { user: `${auth.method} ${auth.username}` });
      else done(refusal(535));
    },
    onMailFrom({ address }, _session, done) {
      const code = behaviour.onFrom?.(address);
      done(code === undefined ? null : refusal(code));
    },
    onRcptTo({ address }, _session, done) {
      const code = behaviour.onRcpt?.(address);
      done(code === undefined ? null : refusal(code));
    },
    onData(stream, session, done) {
      buffer(stream).then(async bytes => {
        await think(behaviour.delayMs);
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo[0]?.address ?? '';
        const code = behaviour.onMessage?.(to, bytes);
        if (code !== undefined) return done(refusal(code));
        accepted.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to,
          bytes,
          params: { ...(mailFrom !== false && mailFrom.args), ...rcptTo[0]?.args },
          ehlo: session.hostNameAppearsAs,
          secure: session.secure,
          user: session.user,
        });
        await think(behaviour.delayMs);
        await behaviour.hold?.(to);
        done(null, 'kept');
      }, done);
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(behaviour.port ?? 0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())));
  const { port } = server.server.address() as { port: number };
  const login = behaviour.login === undefined ? '' : `${behaviour.login.user}:${behaviour.login.password}@`;
  const scheme = behaviour.tls?.implicit ? 'smtps' : 'smtp';
  return { url: `${scheme}://${login}127.0.0.1:${port}`, accepted, sessions: () => sessions };
}

/** A server made of raw bytes that takes a connection and says one line, or nothing more after 354. */
export async function stubbornServer(greeting: string): Promise<{ url: string }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write(`${greeting}\r\n`);
    if (!greeting.startsWith('220')) return void socket.end();
    socket.on('data', chunk => {
      for (const line of chunk.toString('latin1').split('\r\n')) {
        if (/^data/i.test(line)) socket.write('354 go on\r\n');
        else if (/^(ehlo|helo|mail|rcpt|rset)/i.test(line)) socket.write('250 ok\r\n');
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>(resolve => server.close(() => resolve()));
  });
  return { url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}` };
}

/**
 * A server made of raw bytes that drops the connection at one point of the dialogue: at `rcpt` before it answers to
 * RCPT TO, at `dot` after it took the whole message and before it says so; it does so `times` times.
 * @param offer an extension that it offers, and knows nothing of
 */
export async function droppingServer(
  point: 'rcpt' | 'dot',
  times = Number.POSITIVE_INFINITY,
  offer?: string,
) {
  const taken: string[] = [];
  let dropped = 0;
  const server = createServer(socket => {
    socket.on('error', () => {});
    socket.write('220 test ESMTP\r\n');
    talk(socket, taken, where => where === point && dropped++ < times, offer);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', socket => sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>(resolve => server.close(() => resolve()));
  });
  return { url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`, taken };
}

function talk(
  socket: Socket,
  taken: string[],
  drop: (where: 'rcpt' | 'dot') => boolean,
  offer?: string,
): void {
  let pending = '';
  let message: string | undefined;
  socket.on('data', chunk => {
    pending += chunk.toString('latin1');
    for (;;) {
      if (message !== undefined) {
        const end = pending.indexOf('\r\n.\r\n');
        if (end < 0) return;
        taken.push(pending.slice(0, end));
        pending = pending.slice(end + 5);
        message = undefined;
        if (drop('dot')) return void socket.destroy();
        socket.write('250 kept\r\n');
      }
      const end = pending.indexOf('\r\n');
      if (end < 0) return;
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (/^rcpt/i.test(line) && drop('rcpt')) return void socket.destroy();
      if (/^data/i.test(line)) message = '';
      if (offer !== undefined && /^ehlo/i.test(line)) {
        socket.write(`250-test\r\n250 ${offer}\r\n`);
        continue;
      }
      if (line === offer) {
        socket.write('454 not today\r\n');
        continue;
      }
      socket.write(
        /^data/i.test(line) ? '354 go on\r\n' : /^quit/i.test(line) ? '221 bye\r\n' : '250 ok\r\n',
      );
    }
  });
}
