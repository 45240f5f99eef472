// `paperround preview`: see a digest before it is sent, as files (`--out`) or in the studio.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from '../app.ts';
import { problemWords } from '../delivery/inspect.ts';
import { digestSpan, editionsOnce } from '../delivery/plan.ts';
import { ANYBODY, digestsOnce, type Written, writeMessage } from '../delivery/write.ts';
import type { Digest } from '../digests/digest.ts';
import { messageIdOf } from '../digests/message.ts';
import { broken, type Preflight, partsOf, preflight } from '../digests/preflight.ts';
import { type Edition, latestEditionDate } from '../editions/edition.ts';
import { draftEdition } from '../editions/publish.ts';
import { PaperroundError, reasonOf } from '../errors.ts';
import { makeFolder } from '../folder.ts';
import type { Day } from '../store/schema.ts';
import { themesPage } from '../studio/themes-page.ts';
import type { Preferences } from '../subscribers/preferences.ts';
import { findSubscriber, listSubscribers } from '../subscribers/subscriber.ts';
import type { Command, Context } from './context.ts';
import { counted, type Terminal } from './terminal.ts';

interface Options {
  date?: string;
  subscriber?: string;
  out?: string;
  port?: number;
}

/** A reader to preview for, and the editions that their digest covers. */
interface Reader {
  id: string;
  address: string;
  preferences: Preferences;
  editions: Day[];
}

const preview: Command<Options> = async (context, options) => {
  const open = await context.app();
  const edition = await editionToPreview(open, options.date);
  const anybody = { ...ANYBODY, editions: [edition.date] };
  const one =
    options.subscriber === undefined ? undefined : await previewReader(open, options.subscriber, edition);
  const compose = await composer(open, edition);
  const why = () => themesPage(edition, open.themes);
  if (options.out !== undefined)
    return writeFiles(context, await compose(one ?? anybody), await why(), options.out);
  const readers = one ? [one] : [anybody, ...(await activeReaders(open, edition))];
  const composed = await Promise.all(readers.map(compose));
  return openStudio(context, edition, composed, why, options.port ?? open.settings.port ?? 0);
};
export default preview;

/** The edition of the day, or what it would be if it were published now. */
async function editionToPreview(open: App, date: string | undefined): Promise<Edition> {
  const day = date ?? (await latestEditionDate(open.db)) ?? open.today();
  const edition = await draftEdition(open.press, day);
  if (edition.themes.length > 0) return edition;
  throw new PaperroundError(
    'usage',
    `There is nothing to preview: no edition of ${day} and no papers for one`,
    {
      hint: 'Collect first (paperround collect) or publish a file (paperround publish --from FILE).',
    },
  );
}

async function previewReader(open: App, address: string, { date }: Edition): Promise<Reader> {
  const known = await findSubscriber(open.db, address);
  if (known === undefined) throw new PaperroundError('usage', `Nobody is subscribed as ${address}`);
  return { ...known, editions: await digestSpan(open.db, known, date) };
}

async function activeReaders(open: App, { date }: Edition): Promise<Reader[]> {
  const readers = await listSubscribers(open.db, 'active');
  return Promise.all(readers.map(async r => ({ ...r, editions: await digestSpan(open.db, r, date) })));
}

interface Composed {
  digest: Digest;
  message: Written;
  report: Preflight;
}

/** Composes readers' mails. The edition may be a draft, which the database does not have yet. */
async function composer(open: App, edition: Edition): Promise<(reader: Reader) => Promise<Composed>> {
  const desk = await open.desk();
  const stored = editionsOnce(open.db);
  const digests = digestsOnce(desk, async dates => [
    ...(await stored(dates.filter(date => date !== edition.date))),
    edition,
  ]);
  const check = preflight(desk);
  return async reader => {
    const digest = await digests(reader.editions, reader.preferences);
    const message = await writeMessage(desk, digest, {
      subscriberId: reader.id,
      address: reader.address,
      messageId: messageIdOf(desk.secret, `preview ${edition.date} ${reader.address}`, desk.sender),
      date: new Date(`${edition.date}T07:00:00Z`),
    });
    return { digest, message, report: check(digest, partsOf(message)) };
  };
}

async function writeFiles(
  { terminal }: Context,
  { digest, message, report }: Composed,
  why: string,
  out: string,
): Promise<number> {
  const { html, text, bytes } = message;
  const files = {
    'digest.html': html,
    'digest.txt': text,
    'digest.eml': bytes,
    'digest.json': `${JSON.stringify(shownDigest(digest, html), null, 2)}\n`,
    'preflight.json': `${JSON.stringify(report, null, 2)}\n`,
    'themes.html': why,
  };
  try {
    makeFolder(out);
    for (const [name, content] of Object.entries(files)) await writeFile(join(out, name), content);
  } catch (error) {
    throw new PaperroundError('usage', `--out: ${out} cannot be written: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  showPreflight(terminal, [report]);
  terminal.result({ out, files: Object.keys(files), preflight: report }, [
    `${out}: ${Object.keys(files).join(', ')} (${counted(digest.papers.length, 'paper')}, ${Buffer.byteLength(html)} bytes of HTML)`,
  ]);
  return report.ok ? 0 : 1;
}

/** Every check that is not kept, once, failures first: what and where, and what to do. */
function showPreflight(terminal: Terminal, reports: readonly Preflight[]): void {
  const seen = new Set<string>();
  const checks = reports.flatMap(({ checks }) => checks);
  for (const { name, detail, where, hint, level } of [
    ...broken(checks, 'failure'),
    ...broken(checks, 'warning'),
  ]) {
    const line = `preflight: ${level}: ${problemWords({ check: name, detail, where })}`;
    if (seen.has(line)) continue;
    seen.add(line);
    terminal.warn(line);
    if (hint !== null) terminal.warn(`  ${hint}`);
  }
}

/** The contract of `digest.json`, which people script against. */
function shownDigest({ date, subject, preheader, papers }: Digest, html: string): object {
  return { edition: date, subject, preheader, htmlBytes: Buffer.byteLength(html), papers };
}

async function openStudio(
  { terminal, closers, signal }: Context,
  edition: Edition,
  composed: readonly Composed[],
  why: () => Promise<string>,
  port: number,
): Promise<number> {
  // Loaded here, because writing files needs no web server and should be quick.
  const [{ fixedInbox, readMail }, { studioPages }, { aborted, listen }] = await Promise.all([
    import('../studio/inbox.ts'),
    import('../studio/studio.ts'),
    import('../web/listen.ts'),
  ]);
  const some = composed.filter(({ digest }) => digest.papers.length > 0);
  showPreflight(
    terminal,
    some.map(({ report }) => report),
  );
  const mails = await Promise.all(some.map(({ message }, index) => readMail(String(index), message.bytes)));
  const about = `What each reader of edition ${edition.date} gets. Nothing has been sent.`;
  const studio = studioPages(fixedInbox(mails, 'Preview', about), why);
  studio.get('/', c => c.redirect('/inbox'));
  const server = await listen(studio, port);
  closers.push(server.close);
  terminal.result({ url: `${server.url}/inbox`, edition: edition.date, mails: mails.length }, [
    `Preview of edition ${edition.date}, ${counted(mails.length, 'mail')}: ${server.url}/inbox`,
    'Press Ctrl-C to leave.',
  ]);
  await aborted(signal);
  return 0;
}
