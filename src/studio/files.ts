// What the studio shows, as files: the mail and its parts, and the figures behind each of its pages as JSON.
import type { Digest } from '../digests/digest.ts';
import { audienceOf } from './figures/audience.ts';
import { byteMap } from './figures/byte-map.ts';
import { difference } from './figures/difference.ts';
import { inboxRows } from './figures/inbox-rows.ts';
import { themesPage } from './pages/themes-page.ts';
import { type Scene, sceneBefore } from './scene.ts';
import type { Bench } from './workbench.ts';

/** The files of a scene by name. People script against `digest.json` and `preflight.json`. */
export async function filesOf(bench: Bench, scene: Scene): Promise<Record<string, string | Buffer>> {
  const { edition, digest, message, report } = scene;
  const { html, text, bytes } = message;
  const { subject, preheader } = digest;
  const from = bench.desk.sender.name;
  const json = (document: object) => `${JSON.stringify(document, null, 2)}\n`;
  return {
    'digest.html': html,
    'digest.txt': text,
    'digest.eml': bytes,
    'digest.json': json(shownDigest(digest, html)),
    'preflight.json': json(report),
    'bytes.json': json(byteMap(digest, html)),
    'inbox.json': json(inboxRows({ from, subject, preheader, html, date: `${edition.date}T07:00:00Z` })),
    'difference.json': json(difference(await sceneBefore(bench, scene), digest)),
    'readers.json': json(await audienceOf({ ...bench.app, ...bench.desk, edition })),
    'themes.html': await themesPage(edition, bench.app.themes),
  };
}

function shownDigest({ date, subject, preheader, papers }: Digest, html: string): object {
  return { edition: date, subject, preheader, htmlBytes: Buffer.byteLength(html), papers };
}
