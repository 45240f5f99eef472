// The `feed:` source: any address that answers with papers in a format of formats.ts.
import { type Day, shiftDay } from '../../store/schema.ts';
import type { Client } from '../client/client.ts';
import type { Announcement } from '../paper.ts';
import type { FieldMapping } from './field-mapping.ts';
import { readPapers } from './formats.ts';
import { withoutSecrets } from './paging.ts';
import type { Ask, Batch, Source } from './source.ts';

/** An address, and how its answer is to be read where its format is not one that is known by itself. */
export interface FeedPlace {
  url: string;
  name?: string | undefined;
  mapping?: FieldMapping | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** A source that asks `url`; `{date}` in it stands for the day that is asked for. */
export function feedSource(client: Client, { url, name, mapping, headers }: FeedPlace): Source {
  return {
    name: name ?? `feed:${withoutSecrets(url)}`,
    async announce(ask): Promise<Batch> {
      const address = url.replaceAll('{date}', ask.day);
      const answer = await client.get(address, {
        ...(headers && { headers }),
        ...(ask.signal && { signal: ask.signal }),
      });
      const options = { today: ask.today, mapping, incomplete: answer.incomplete, fromWeb: true };
      const batch = readPapers(answer.text, withoutSecrets(address), options);
      return {
        ...batch,
        announcements: batch.announcements.map(one => ({
          ...(isOfficial(answer.url) ? one : byHearsay(one)),
          announcedOn: dayOf(one, ask),
        })),
      };
    },
  };
}

/** Whether arXiv or Hugging Face themselves speak. */
const isOfficial = (url: string) => /^https:\/\/(?:[a-z]+\.)?(?:arxiv\.org|huggingface\.co)[/:]/i.test(url);

/**
 * Anybody can write arXiv's forms: what others say counts as a feed's word, which arXiv's own outdoes. And that a paper
 * is also known by another id is believed only of those whose ids they are, or of a title that is the same.
 */
function byHearsay(one: Announcement): Announcement {
  const keys = one.keys.filter(key => key === one.paper.id || !/^(?:arxiv|doi):/.test(key));
  return { ...one, keys, format: 'feed' };
}

/**
 * Journals date papers by an issue to come, or put them into the feed weeks after their date. A day to come is no day;
 * and what is named for the first time long after its day is news of today, except in a feed that is read for the
 * first time, which holds years.
 */
function dayOf({ announcedOn }: Announcement, { today, asked }: Ask): Day | null {
  if (announcedOn === null || announcedOn > today) return null;
  return asked !== undefined && announcedOn < shiftDay(asked.last, -1) ? null : announcedOn;
}
