// `paperround doctor` as an operator runs it before the first mail.

import { generateKeyPairSync } from 'node:crypto';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { documentOf, paperround, start } from '../support/cli.ts';
import { dnsServer, type Zone } from '../support/dns.ts';
import { temporaryFolder } from '../support/installation.ts';
import { smtpServer } from '../support/smtp.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ZONE: Zone = {
  'TXT example.org': ['v=spf1 ip4:192.0.2.25 -all'],
  'TXT papers._domainkey.example.org': [
    `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
  ],
  'TXT _dmarc.example.org': ['v=DMARC1; p=quarantine'],
  'MX example.org': ['10 mx.example.org'],
  'PTR 25.2.0.192.in-addr.arpa': ['mail.example.org'],
  'A mail.example.org': ['192.0.2.25'],
};

interface Told {
  good: boolean;
  findings: { check: string; level: string; said: string; fix: string | null }[];
}

async function installed(more: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const server = await smtpServer({ login: { user: 'papers', password: 'right' } });
  const key = join(folder, 'dkim.pem');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const env = {
    DATA_DIR: join(folder, 'data'),
    SMTP_URL: server.url,
    MAIL_FROM: 'papers@example.org',
    DKIM_KEY_FILE: key,
    DKIM_SELECTOR: 'papers',
    DNS_SERVER: await dnsServer(ZONE),
    ...more,
  };
  const look = async (...args: string[]) => {
    const finished = await paperround(['doctor', '--json', ...args], { env });
    const { good, findings } = documentOf<Told>(finished);
    const bad = findings
      .filter(({ level }) => level !== 'good')
      .map(f => `${f.check} ${f.level}: ${f.said} → ${f.fix}`);
    return { good, findings, bad, status: finished.status };
  };
  return { folder, env, look, server };
}

/** Each look is a process of its own. */
describe('the doctor', { timeout: 180_000 }, () => {
  it('has nothing to say where everything is right, pages and clock too; and sends nothing', async () => {
    const { env, look, server } = await installed();
    // The pages come first, so that the doctor is told where they are.
    const serving = start(['serve', '--port', '0'], {
      env: { ...env, PUBLIC_URL: 'https://papers.example.org' },
    });
    const [, pages = ''] = await serving.says(/pages on (\S+)/);
    const told = await paperround(['doctor', '--ip', '192.0.2.25'], { env: { ...env, PUBLIC_URL: pages } });
    expect([told.status, told.stdout]).toEqual([0, expect.stringContaining('0 failures, 0 warnings.')]);
    expect((await look('--ip', '192.0.2.25')).findings.map(({ check }) => check)).toEqual([
      'configuration',
      'folder',
      'readers',
      'secret',
      'disk',
      'database',
      'clock',
      'templates',
      'mail server',
      'encryption',
      'pages',
      'spf',
      'dkim',
      'dmarc',
      'mx',
      'ptr',
    ]);
    expect(server.accepted).toEqual([]);
    serving.kill('SIGTERM');
    await serving.ended;
  });

  it('finds what is wrong on this machine, each with what mends it, and ends with 1', async () => {
    const { folder, env, look } = await installed();
    await paperround(['status'], { env });
    await paperround(['send'], { env });
    await writeFile(join(folder, 'data', 'secret'), 'a secret that everybody may read\n');
    await chmod(join(folder, 'data', 'secret'), 0o644);
    await chmod(join(folder, 'data'), 0o755);
    await chmod(join(folder, 'data', 'paperround.db'), 0o644);
    const { bad, status, good } = await look('--ip', '192.0.2.99');
    expect([status, good]).toEqual([1, false]);
    expect(bad).toEqual([
      expect.stringMatching(
        /^readers warning: .*paperround\.db may be read by everybody.*→ .*chmod 700 .*data$/,
      ),
      expect.stringMatching(/^secret warning: .*read by others → .*chmod 600/),
      expect.stringMatching(/^pages warning: PUBLIC_URL is not set.*RFC 8058/),
      expect.stringMatching(/^spf failure: example\.org does not let 192\.0\.2\.99 send/),
      expect.stringMatching(/^ptr failure: 192\.0\.2\.99 has no name/),
    ]);
  });

  it('goes on looking where a part cannot be opened', async () => {
    const { folder, env } = await installed();
    const templates = join(folder, 'templates');
    const broken = join(folder, 'broken.db');
    await writeFile(broken, 'this is no database, and long enough to be looked at as one');
    const look = async (more: Record<string, string>) =>
      documentOf<Told>(await paperround(['doctor', '--json'], { env: { ...env, ...more } }))
        .findings.filter(({ level }) => level === 'failure')
        .map(({ check, said }) => `${check}: ${said}`);
    const wrongLogin = env.SMTP_URL.replace('right', 'wrong');
    expect(await look({ SMTP_URL: wrongLogin })).toEqual([
      expect.stringMatching(/^mail server: .*refuses the login/),
    ]);
    expect(await look({ DATABASE_URL: `sqlite:${broken}` })).toEqual([
      expect.stringMatching(/^database: .*is damaged/),
    ]);
    expect(await look({ TEMPLATES: templates })).toEqual([expect.stringMatching(/^templates: /)]);
    expect(await look({ PUBLIC_URL: 'http://127.0.0.1:9' })).toEqual([
      expect.stringMatching(/^pages: .*not reached from here/),
    ]);
    expect(await look({ CRON: 'now and then' })).toEqual([expect.stringMatching(/^configuration: /)]);
    expect(await look({ DATA_DIR: '/dev/null/data' })).toEqual([
      expect.stringMatching(/^folder: .*cannot be written/),
      expect.stringMatching(/^database: /),
      expect.stringMatching(/^templates: /),
    ]);
  });

  it('asks no certificate of a mail server on this machine, and one that is good of all others', async () => {
    const { SMTPServer } = await import('smtp-server');
    const server = new SMTPServer({ authOptional: true, logger: false });
    server.on('error', () => {});
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as { port: number };
    const { look } = await installed({ SMTP_URL: `smtp://127.0.0.1:${port}` });
    const { findings } = await look();
    expect(findings.find(({ check }) => check === 'encryption')).toMatchObject({
      level: 'good',
      said: 'STARTTLS, and 127.0.0.1 is this machine',
    });
    const strict = await installed({ SMTP_URL: `smtp://127.0.0.1:${port}?tls=required` });
    expect((await strict.look()).bad).toContainEqual(
      expect.stringMatching(/^mail server failure: .*certificate/),
    );
    await new Promise<void>(resolve => server.close(() => resolve()));
  });

  it('says what preflight will say of templates that nobody can read', async () => {
    const templates = join(await temporaryFolder(), 'templates');
    await cp(fileURLToPath(new URL('../../templates', import.meta.url)), templates, { recursive: true });
    const mjml = join(templates, 'digest.mjml');
    await writeFile(mjml, (await readFile(mjml, 'utf8')).replaceAll('#625d54', '#eeeeee'));
    const { look } = await installed({ TEMPLATES: templates });
    expect((await look()).bad).toContainEqual(expect.stringMatching(/^templates warning: contrast.*#eeeeee/));
  });
});
