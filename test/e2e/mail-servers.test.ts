// Several mail servers, as the operator of the commands sees them: one is away, the mails go out, and it is said.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { paperround } from '../support/cli.ts';
import { handClock, temporaryFolder } from '../support/installation.ts';
import { sesServer } from '../support/ses.ts';
import { smtpServer } from '../support/smtp.ts';

describe('two mail servers', () => {
  it('stand in for one another, and no password is shown', async () => {
    const folder = await temporaryFolder();
    const server = await smtpServer({ login: { user: 'ada', password: 'horse' } });
    const SMTP_URL = `smtp://ada:horse@127.0.0.1:1?weight=2 ${server.url}`;
    const env = { DATA_DIR: join(folder, 'data'), SMTP_URL, MAIL_FROM: 'papers@example.org' };
    for (const email of ['ada@example.org', 'bob@example.net'])
      await paperround(['subscribers', 'add', email], { env });
    await paperround(['publish', '--from', 'samples/daily-papers-page.txt', '--date', '2026-08-20'], { env });
    const send = await paperround(['send', '--date', '2026-08-20', '--yes'], { env });
    expect(send.status).toBe(0);
    expect(send.stdout).toMatch(/2 sent/);
    expect(send.stderr).toMatch(
      /mail: smtp:\/\/127\.0\.0\.1:1 is left alone for 1 minute, others take its share: .*cannot be used: connect ECONNREFUSED/,
    );
    const show = await paperround(['deliveries', 'show', 'ada@example.org', '--date', '2026-08-20'], { env });
    expect(show.stdout).toContain(`[${server.url.replace('ada:horse@', '')}]`);
    const config = await paperround(['config'], { env });
    expect(config.stdout).toMatch(/SMTP_URL +smtp:\/\/•••@127\.0\.0\.1:1\?••• smtp:\/\/•••@127/);
    const all = [send, show, config].map(({ stdout, stderr }) => stdout + stderr).join();
    expect(all).not.toContain('horse');
  });
});

it('mails that are signed here and go out by SES are warned of: it breaks the signature', async () => {
  const { relay } = await sesServer();
  const environment = {
    DATA_DIR: await temporaryFolder(),
    SMTP_URL: `ses://eu-west-1?endpoint=${relay.endpoint}`,
    DKIM_KEY: 'any',
    MAIL_FROM: 'papers@example.org',
  };
  const { settings } = await loadConfig(undefined, environment);
  const told: string[] = [];
  const app = await openApp(settings, handClock(), line => told.push(line));
  expect((await app.mailer()).name).toBe('ses://eu-west-1');
  await app.close();
  expect(told).toEqual([expect.stringMatching(/let SES sign/)]);
});
