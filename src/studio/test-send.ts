// A test send from the studio: the mail that is shown, to one address, unless preflight holds it back.
import { html } from 'hono/html';
import { testRecipient, writeTest } from '../delivery/test-mail.ts';
import { broken, partsOf } from '../digests/preflight.ts';
import type { Ask } from './ask.ts';
import { foreseen, type Html, problem } from './pages/shell.ts';
import { makeScene } from './scene.ts';
import type { Bench } from './workbench.ts';

/** Sends the mail of `ask` to an address, and says what came of it. */
export async function sendTest(bench: Bench, ask: Ask, to: string): Promise<Html> {
  const { app, desk, check } = bench;
  try {
    const scene = await makeScene(bench, ask);
    const recipient = await testRecipient(app.db, to, scene.edition.date);
    const message = await writeTest(desk, scene.digest, recipient, app.clock());
    const failures = broken(check(scene.digest, partsOf(message)).checks, 'failure');
    if (failures.length > 0)
      return said(
        false,
        `Nothing was sent: preflight holds this mail back (${failures.map(f => f.name).join(', ')}).`,
      );
    const mailer = await app.mailer();
    await mailer.check();
    const { outcome, answer } = await mailer.send(message);
    return said(outcome === 'sent', `${recipient.address}: ${outcome}: ${answer}`);
  } catch (error) {
    return problem(foreseen(error));
  }
}

const said = (good: boolean, text: string): Html =>
  html`<section class="problem" role="${good ? 'status' : 'alert'}"><h2>${good ? 'Sent' : 'Not sent'}</h2><p>${text}</p></section>`;
