// A scene in one view: the mail itself, or what is to be said of it: bytes, preflight, difference, readers, a test send.
import { html } from 'hono/html';
import { audienceOf } from '../figures/audience.ts';
import { byteMap } from '../figures/byte-map.ts';
import { difference } from '../figures/difference.ts';
import type { Mail } from '../inbox.ts';
import { audiencePanel } from '../panels/audience.ts';
import { bytesPanel } from '../panels/bytes.ts';
import { differencePanel } from '../panels/difference.ts';
import { preflightPanel } from '../panels/preflight.ts';
import { type Scene, sceneBefore } from '../scene.ts';
import type { Bench } from '../workbench.ts';
import { mailView } from './mail-views.ts';
import type { Html } from './shell.ts';
import { type AddressOf, type Chosen, isMailView, type MailView } from './views.ts';

/** @param sent what came of a test send, where one was made */
export async function sceneView(
  bench: Bench,
  scene: Scene,
  mail: Mail,
  { view, look }: Chosen,
  at: AddressOf,
  sent: Html | undefined,
): Promise<Html> {
  if (isMailView(view))
    return mailView(view, mail, look, {
      frame: one => at({ look: one }, '/studio/frame'),
      look: one => at({ view: 'mail', look: one }),
      eml: at({}, '/studio/digest.eml'),
    });
  return html`<div class="panel">${await panel(bench, scene, view, at, sent)}</div>`;
}

async function panel(
  bench: Bench,
  scene: Scene,
  view: Exclude<Chosen['view'], MailView>,
  at: AddressOf,
  sent: Html | undefined,
) {
  if (view === 'bytes') return bytesPanel(byteMap(scene.digest, scene.message.html));
  if (view === 'preflight') return preflightPanel(scene.report);
  if (view === 'difference')
    return differencePanel(difference(await sceneBefore(bench, scene), scene.digest));
  if (view === 'readers')
    return audiencePanel(await audienceOf({ ...bench.app, ...bench.desk, edition: scene.edition }));
  return testForm(bench, scene, at, sent);
}

function testForm({ app }: Bench, { viewer }: Scene, at: AddressOf, sent: Html | undefined): Html {
  const where =
    app.settings.smtpUrl === undefined
      ? 'No mail server is configured, so it goes to the outbox folder.'
      : 'It goes out by the configured mail server at once. It is marked as a test and stands in no record.';
  return html`${sent ?? ''}<section><h2>Test send</h2><p>This mail, as ${viewer.address} would get it, to an address of yours. ${where}</p>
<form method="post" action="${at({ view: 'send' })}"><label for="to">Address</label><input id="to" name="to" type="email" required autocomplete="email"><button>Send a test</button></form></section>`;
}
