// Tends the readers' door of an installation: sends the mails that ask for a confirmation, ends pauses, forgets strangers.
import type { App } from './app.ts';
import { isAnyConfirmationDue, sendConfirmations } from './delivery/confirmations.ts';
import { openConfirmationTemplates } from './desk.ts';
import type { Templates } from './digests/template.ts';
import { reasonOf } from './errors.ts';
import { resumePaused } from './subscribers/pause.ts';
import { forgetUnconfirmed } from './subscribers/unconfirmed.ts';
import type { SignUps } from './web/forms.ts';
import { openLimits } from './web/limits.ts';

type Log = (line: string, failed: boolean) => void;

/** What can be done at any time, and twice is no harm. What fails is said, and tried again the next time. */
export async function tendDoor(app: App, log: Log, signal?: AbortSignal): Promise<void> {
  const { db, clock } = app;
  try {
    await resumePaused(db, clock);
    await forgetUnconfirmed(db, clock);
    if (await isAnyConfirmationDue(db, clock)) await post(app, log, signal);
  } catch (error) {
    log(`door: failed: ${reasonOf(error)}`, true);
  }
}

/** Templates are compiled once a process, when the first mail is written. */
const compiled = new WeakMap<App, Promise<Templates>>();

async function post(app: App, log: Log, signal?: AbortSignal): Promise<void> {
  const { db, clock, settings } = app;
  const templates = compiled.get(app) ?? openConfirmationTemplates(settings);
  compiled.set(app, templates);
  const mailer = await app.mailer();
  await mailer.check();
  const { sent, refused, later } = await sendConfirmations({
    db,
    clock,
    mailer,
    desk: await app.desk(),
    templates: await templates,
    resendUnknown: settings.onUnknown === 'resend',
    ...(signal ? { signal } : {}),
  });
  // Whose they are stands in the ledger: an address in a log is one more place to keep secret.
  if (sent > 0) log(`door: ${sent} ${sent === 1 ? 'confirmation mail' : 'confirmation mails'} sent`, false);
  if (refused > 0) log(`door: ${refused} of the confirmation mails refused by the mail server`, true);
  if (later > 0)
    log(`door: ${later} of the confirmation mails could not be sent now; tried again for a day`, true);
}

const EVERY_MS = 60_000;

/** An open door: what the pages need of it, and how to close it when what is being sent is finished. */
interface Door {
  signUps: SignUps;
  close(): Promise<void>;
}

/** Opens the door for the time in which pages are served: it is tended when somebody knocks, and every minute. */
export function openDoor(app: App, log: Log, signal: AbortSignal): Door {
  const { settings } = app;
  let busy: Promise<void> | undefined;
  let again = false;
  const tend = () => {
    again = busy !== undefined;
    if (again || signal.aborted) return;
    busy = tendDoor(app, log, signal).finally(() => {
      busy = undefined;
      if (again) tend();
    });
  };
  const timer = setInterval(tend, EVERY_MS);
  tend();
  return {
    signUps: {
      limits: openLimits(app.db, settings.signUpsPerHour),
      mostWaiting: settings.mostUnconfirmed,
      trustedProxies: settings.trustedProxies,
      timeZone: settings.timeZone,
      asked: tend,
    },
    async close() {
      clearInterval(timer);
      again = false;
      await busy;
    },
  };
}
