// JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/).
import { PaperroundError } from '../../errors.ts';
import type { Candidate } from '../announce.ts';
import { arxivId } from '../ids.ts';
import { asText } from '../paper.ts';
import { doiIn } from './doi-search.ts';
import { bestAbstract } from './feed-abstract.ts';
import { htmlToText } from './html-text.ts';
import type { Reading } from './source.ts';
import { dayOf } from './stamps.ts';

const VERSION = /^https?:\/\/(?:www\.)?jsonfeed\.org\/version\/1(?:\.\d)?\/?$/;

type Fields = Record<string, unknown>;

/**
 * What the JSON Feed `value` announces; undefined when it is none (its `version` says so).
 * @throws PaperroundError `input` when it is one, but has no list of items
 */
export function readJsonFeed(value: unknown, where: string): Reading | undefined {
  if (!isObject(value) || typeof value.version !== 'string' || !VERSION.test(value.version)) return undefined;
  const { items } = value;
  if (!Array.isArray(items)) {
    throw new PaperroundError(
      'input',
      `${where}: items: not a list, although "version" says that this is a JSON Feed`,
      {
        hint: 'A JSON Feed has "version", "title" and "items", see https://www.jsonfeed.org/version/1.1/.',
      },
    );
  }
  const reading: Reading = { format: 'JSON Feed', day: null, candidates: [], dropped: [] };
  for (const [index, item] of items.entries()) {
    const place = `${where}, items[${index}]`;
    if (isObject(item)) reading.candidates.push(itemCandidate(item, place));
    else
      reading.dropped.push({
        reason: 'unreadable',
        where: place,
        detail: 'not an object with "id" and "url"',
      });
  }
  return reading;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function itemCandidate(item: Fields, where: string): Candidate {
  const title = htmlToText(asText(item.title));
  const texts = [asText(item.summary), asText(item.content_text), htmlToText(asText(item.content_html))];
  const addresses = [item.url, item.external_url, item.id].map(asText);
  const url = [asText(item.url), asText(item.external_url), webOnly(asText(item.id))].find(
    one => one.trim() !== '',
  );
  const dois = addresses.map(doiIn).filter(one => one !== undefined);
  const day = dayOf(asText(item.date_published)) ?? dayOf(asText(item.date_modified));
  return {
    where,
    title,
    abstract: bestAbstract(texts, title),
    // 1.0 has one `author`. The feed's own authors are who runs it, not who wrote the papers.
    authors: Array.isArray(item.authors) ? item.authors : [item.author],
    id: dois[0] ?? addresses.map(arxivId).find(one => one !== undefined),
    otherIds: [...dois.slice(1), ...addresses],
    url,
    links: { pdf: pdfOf(item.attachments) },
    facts: { doi: dois[0], categories: item.tags },
    format: 'feed',
    listedOn: day,
    announcedOn: day,
  };
}

const webOnly = (text: string) => (/^https?:\/\/\S+$/i.test(text) ? text : '');

function pdfOf(attachments: unknown): string | undefined {
  if (!Array.isArray(attachments)) return undefined;
  const found = attachments.find(file => isObject(file) && file.mime_type === 'application/pdf') as
    | Fields
    | undefined;
  return webOnly(asText(found?.url)) || undefined;
}
