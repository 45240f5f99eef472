// Real Postfix for tests: an instance of its own with its own folders and ports on loopback, and its fault-making smtp-sink.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { certificate } from './certificate.ts';

const run = promisify(execFile);
const NOBODY = 65_534;
const LOGIN = { user: 'paper', password: 'horse battery' };

/** The services of a Postfix, none of them in a chroot. */
const SERVICES = `
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;

/** What an instance is given. */
interface PostfixOptions {
  /** Local parts of readers.example that have a mailbox. */
  mailboxes: readonly string[];
  /** Where mail to sender.example goes by LMTP: what Postfix itself has to say of our mail. */
  bouncesTo?: number;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>(resolve => server.close(() => resolve()));
  return port;
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('close', () => {}).unref();
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await sleep(50);
  }
}

/** Starts Postfix (as root, for it gives its rights away itself); it is stopped, and its folders go, when the test ends. */
export async function postfix({ mailboxes, bouncesTo }: PostfixOptions) {
  const base = await mkdtemp(join(tmpdir(), 'postfix-'));
  const conf = join(base, 'conf');
  for (const folder of ['conf', 'conf/sasl', 'queue', 'data', 'mail']) await mkdir(join(base, folder));
  await chmod(base, 0o755);
  const log = () => readFile(join(base, 'mail.log'), 'utf8');
  const port = await freePort();
  const keys = certificate(undefined, undefined, ['127.0.0.1']);
  await writeFile(join(conf, 'cert.pem'), keys.pem);
  await writeFile(join(conf, 'key.pem'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
  });
  await writeFile(join(conf, 'master.cf'), `127.0.0.1:${port} inet n - n - - smtpd${SERVICES}`);
  await writeFile(join(conf, 'main.cf'), mainOf(base, bouncesTo));
  await writeFile(
    join(conf, 'mailboxes'),
    mailboxes.map(name => `${name}@readers.example ${name}/\n`).join(''),
  );
  if (bouncesTo !== undefined)
    await writeFile(join(conf, 'transport'), `sender.example lmtp:inet:127.0.0.1:${bouncesTo}\n`);
  await addLogin(conf);
  await run('chown', ['-R', 'postfix', join(base, 'data'), join(conf, 'sasl')]);
  await run('chown', [String(NOBODY), join(base, 'mail')]);
  onTestFinished(async () => {
    // It says "already stopped" with exit 1.
    await run('postfix', ['-c', conf, 'stop']).catch(() => {});
    await rm(base, { recursive: true, force: true });
  });
  await run('postfix', ['-c', conf, 'start']);
  await listening(port);
  const login = `${LOGIN.user}:${encodeURIComponent(LOGIN.password)}@`;
  return {
    port,
    conf,
    url: `smtp://${login}127.0.0.1:${port}?tls=required`,
    caFile: join(conf, 'cert.pem'),
    log,
    /** The mails in somebody's mailbox as they were sent, once there are so many. */
    mailbox: (name: string, wanted: number) => mailboxOf(join(base, 'mail', name, 'new'), wanted, log),
  };
}

const mainOf = (base: string, bouncesTo: number | undefined) => `
compatibility_level = 3.6
queue_directory = ${base}/queue
data_directory = ${base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${base}/mail.log
maillog_file_prefixes = ${base}
myhostname = mail.readers.example
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = yes
# Mail to somebody who is not there is taken, and comes back afterwards.
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
smtpd_tls_cert_file = ${base}/conf/cert.pem
smtpd_tls_key_file = ${base}/conf/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = ${base}/conf/sasl
virtual_mailbox_domains = readers.example
virtual_mailbox_base = ${base}/mail
virtual_mailbox_maps = texthash:${base}/conf/mailboxes
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
${bouncesTo === undefined ? '' : `relay_domains = sender.example\ntransport_maps = texthash:${base}/conf/transport\n`}`;

/** One login by Cyrus SASL, for PLAIN and LOGIN. */
async function addLogin(conf: string): Promise<void> {
  const words = [
    'pwcheck_method: auxprop',
    'auxprop_plugin: sasldb',
    `sasldb_path: ${conf}/sasl/sasldb2`,
    'mech_list: PLAIN LOGIN',
  ];
  await writeFile(join(conf, 'sasl', 'smtpd.conf'), `${words.join('\n')}\n`);
  const child = run('saslpasswd2', [
    '-p',
    '-c',
    '-f',
    join(conf, 'sasl/sasldb2'),
    '-u',
    'mail.readers.example',
    LOGIN.user,
  ]);
  child.child.stdin?.end(LOGIN.password);
  await child;
}

/** A mail as it was on the wire: the line that delivery puts in front is kept, its lines end by CRLF again. */
async function mailboxOf(folder: string, wanted: number, log: () => Promise<string>): Promise<Buffer[]> {
  for (let tries = 0; ; tries++) {
    if (tries > 600) throw new Error(`Postfix delivered nothing to ${folder}:\n${await log()}`);
    const files = existsSync(folder) ? (await readdir(folder)).sort() : [];
    if (files.length >= wanted)
      return Promise.all(
        files.map(async file => {
          const text = await readFile(join(folder, file), 'latin1');
          return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
        }),
      );
    await sleep(50);
  }
}

/** Postfix's test server, with flags that make it fail; ended when the test is. */
export async function smtpSink(...flags: string[]): Promise<string> {
  const port = await freePort();
  const child = spawn('smtp-sink', ['-u', 'nobody', ...flags, `127.0.0.1:${port}`, '100'], {
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill());
  await listening(port);
  return `smtp://127.0.0.1:${port}`;
}
