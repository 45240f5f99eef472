// Writes the message of one delivery: its cut's digest, rendered once for all readers who share it, made this reader's.
import { cut, cutKey } from '../digests/cut.ts';
import { type Digest, forReader, type Masthead, renderDigest } from '../digests/digest.ts';
import {
  composeMessage,
  type Message,
  preferencesUrl,
  type Sender,
  unsubscribeUrl,
} from '../digests/message.ts';
import type { Templates } from '../digests/template.ts';
import type { Edition } from '../editions/edition.ts';
import type { Day } from '../store/schema.ts';
import { linkToken } from '../subscribers/links.ts';
import { Preferences } from '../subscribers/preferences.ts';

/** What is needed to write any message of an installation. */
export interface Desk {
  templates: Templates;
  masthead: Masthead;
  sender: Sender;
  secret: string;
}

/** One reader's message to be written. */
export interface Order {
  subscriberId: string;
  address: string;
  messageId: string;
  date: Date;
}

/** Somebody who is no subscriber: whose preferences are none, and whose links do nothing. */
export const ANYBODY = {
  id: '00000000-0000-0000-0000-000000000000',
  address: 'reader@example.org',
  preferences: Preferences.parse({}),
} as const;

/** Digests by cut, kept for one run of sending. */
export function digestsOnce(desk: Desk, editionsOf: (dates: readonly Day[]) => Promise<Edition[]>) {
  const rendered = new Map<string, Promise<Digest>>();
  const render = async (dates: readonly Day[], preferences: Preferences) =>
    renderDigest(cut(await editionsOf(dates), preferences), desk.masthead, desk.templates);
  return (dates: readonly Day[], preferences: Preferences): Promise<Digest> => {
    const key = `${dates} ${cutKey(preferences)}`;
    const digest = rendered.get(key) ?? render(dates, preferences);
    rendered.set(key, digest);
    return digest;
  };
}

/** A message, and the two parts that it holds. */
export type Written = Message & { html: string; text: string };

/** The message of one reader. The same order gives the same bytes. */
export async function writeMessage(
  desk: Desk,
  digest: Digest,
  { subscriberId, address, messageId, date }: Order,
): Promise<Written> {
  const token = linkToken(desk.secret, 'unsubscribe', subscriberId);
  const own = forReader(digest, {
    address,
    unsubscribeUrl: unsubscribeUrl(desk.sender, token),
    preferencesUrl: preferencesUrl(desk.sender, linkToken(desk.secret, 'preferences', subscriberId)),
  });
  const { subject, date: edition } = digest;
  const logo = desk.masthead.logo ?? null;
  const letter = { to: address, messageId, date, subject, ...own, edition, token, logo };
  return { ...own, ...(await composeMessage(letter, desk.sender)) };
}
