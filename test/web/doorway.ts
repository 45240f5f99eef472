// A door to knock at: an installation with its pages, a real mail server, and the mails that came.
import { simpleParser } from 'mailparser';
import type { Config } from '../../src/config.ts';
import { sendConfirmations } from '../../src/delivery/confirmations.ts';
import { openConfirmationTemplates } from '../../src/desk.ts';
import { readAddress } from '../../src/subscribers/address.ts';
import { linkToken, type Purpose } from '../../src/subscribers/links.ts';
import type { Preferences } from '../../src/subscribers/preferences.ts';
import {
  findSubscriber,
  type Status,
  type Subscriber,
  storeSubscriber,
} from '../../src/subscribers/subscriber.ts';
import type { SignUps } from '../../src/web/forms.ts';
import { openLimits } from '../../src/web/limits.ts';
import { readersPages } from '../../src/web/web.ts';
import { installation } from '../support/installation.ts';
import { type Behaviour, smtpServer } from '../support/smtp.ts';

export const PUBLIC = 'https://papers.example.org';

/** What a test may make different: settings, the mail server, the door itself. */
interface Different {
  config?: Config;
  behaviour?: Behaviour;
  signUps?: Partial<SignUps>;
}

export async function doorway({ config = {}, behaviour = {}, signUps = {} }: Different = {}) {
  const server = await smtpServer(behaviour);
  const app = await installation({
    publicUrl: PUBLIC,
    smtpUrl: server.url,
    mailFrom: 'Daily Papers <papers@example.org>',
    ...config,
  });
  const desk = await app.desk();
  const door: SignUps = {
    limits: openLimits(app.db, 1_000_000),
    mostWaiting: 100_000,
    trustedProxies: 1,
    timeZone: 'UTC',
    asked: () => {},
    ...signUps,
  };
  const pages = readersPages({ ...app, ...desk, signUps: door });
  const later = (seconds: number) => app.clock.set(String(app.clock().add({ seconds })));
  const post = (path: string, body: string | Record<string, string>, headers: Record<string, string> = {}) =>
    pages.request(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : String(new URLSearchParams(body)),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: PUBLIC, ...headers },
    });
  const stamp = async () => {
    const form = await (await pages.request('/subscribe')).text();
    later(3);
    return /name="stamp" value="([^"]+)"/.exec(form)?.[1] ?? '';
  };
  const templates = openConfirmationTemplates(app.settings);
  return {
    app,
    desk,
    pages,
    server,
    later,
    post,
    stamp,
    /** Fills in the form as a person does, who needs some seconds. */
    async subscribe(
      address: string,
      more: Record<string, string> = {},
      headers: Record<string, string> = {},
    ) {
      return post('/subscribe', { stamp: await stamp(), address, ...more }, headers);
    },
    async send() {
      const mailer = await app.mailer();
      return sendConfirmations({ ...app, desk, mailer, templates: await templates, resendUnknown: true });
    },
    /** The path of the one link in the newest mail to an address. */
    async linkTo(address: string): Promise<string> {
      const mail = server.accepted.findLast(({ to }) => to === address);
      const { text = '' } = await simpleParser(mail?.bytes ?? '');
      return /https:\/\/papers\.example\.org(\/\S+)/.exec(text)?.[1] ?? '';
    },
    async reader(address: string): Promise<Subscriber> {
      const known = await findSubscriber(app.db, address);
      if (known === undefined) throw new Error(`nobody is ${address}`);
      return known;
    },
    status: async (address: string) => (await findSubscriber(app.db, address))?.status,
    async add(email: string, status: Status = 'active', wants: Partial<Preferences> = {}) {
      const address = readAddress(email);
      if ('problem' in address) throw new Error(address.problem);
      const reader = { address, name: null, status: undefined, initialStatus: status, preferences: wants };
      await app.db.transaction().execute(tx => storeSubscriber(tx, reader, app.clock));
    },
    async path(purpose: Purpose, email: string): Promise<string> {
      const known = await findSubscriber(app.db, email);
      return `/${purpose}/${linkToken(desk.secret, purpose, known?.id ?? '')}`;
    },
  };
}
