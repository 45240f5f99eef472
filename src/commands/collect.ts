// `paperround collect`: ask the sources, store papers and votes; one line per source with counts and reasons.

import { collectAll } from '../collecting.ts';
import { PaperroundError } from '../errors.ts';
import type { Collection } from '../papers/collections.ts';
import { collectionLine, collectStatus } from '../report.ts';
import type { Command } from './context.ts';
import type { Terminal } from './terminal.ts';

const collect: Command<{ date?: string }> = async ({ terminal, app, signal }, { date }) => {
  const open = await app();
  if (open.settings.sources.length === 0) throw noSources();
  const collections = await collectAll(open, date ?? open.today(), signal);
  terminal.result({ sources: collections.map(shownCollection) }, collections.map(collectionLine));
  for (const { name, problems, hint } of collections) {
    warnOfDropped(terminal, problems);
    if (hint !== undefined) terminal.warn(`  ${name}: ${hint}`);
  }
  return collectStatus(open, date ?? open.today(), collections);
};
export default collect;

function noSources(): PaperroundError {
  return new PaperroundError('config', 'No sources are configured, so there is nothing to collect', {
    hint: 'Set SOURCES, for example SOURCES=huggingface,arxiv-rss:cs.CL+cs.LG or SOURCES=file:papers.jsonl, or use: paperround publish --from FILE',
  });
}

/** The contract of `--json`, which people script against: without the ids and the located problems, which are for people. */
export function shownCollection({
  paperIds: _,
  problems: __,
  asked: ___,
  ...collection
}: Collection): object {
  return collection;
}

const MOST_PROBLEMS = 20;

/** Names the papers that were dropped, on stderr, at most twenty. */
export function warnOfDropped(terminal: Terminal, problems: readonly string[]): void {
  for (const problem of problems.slice(0, MOST_PROBLEMS)) terminal.warn(`  dropped: ${problem}`);
  if (problems.length > MOST_PROBLEMS) terminal.warn(`  … and ${problems.length - MOST_PROBLEMS} more`);
}
