// Writes the message of one delivery: its cut's digest, rendered once for all readers who share it, made this reader's.
import { cut, cutKey } from '../digests/cut.ts';
import { type Digest, forReader, type Masthead, renderDigest } from '../digests/digest.ts';
import { composeMessage, type Message, type Sender, unsubscribeUrl } from '../digests/message.ts';
import type { Templates } from '../digests/template.ts';
import type { Edition } from '../editions/edition.ts';
import type { Day } from '../store/schema.ts';
import { linkToken } from '../subscribers/links.ts';
import type { Preferences } from '../subscribers/preferences.ts';

/** What is needed to write any message of an installation. */
export interface Desk {
  templates: Templates;
  masthead: Masthead;
  sender: Sender;
  secret: string;
}

/** One reader's message to be written: `since` is the day after which it begins. */
export interface Order {
  subscriberId: string;
  address: string;
  preferences: Preferences;
  since: Day;
  messageId: string;
  date: Date;
}

/** Digests by cut, kept for one run of sending. */
export function digestsOnce(desk: Desk, editions: (since: Day) => Promise<Edition[]>) {
  const rendered = new Map<string, Promise<Digest>>();
  const render = async (since: Day, preferences: Preferences) =>
    renderDigest(cut(await editions(since), preferences), desk.masthead, desk.templates);
  return (since: Day, preferences: Preferences): Promise<Digest> => {
    const key = `${since} ${cutKey(preferences)}`;
    const digest = rendered.get(key) ?? render(since, preferences);
    rendered.set(key, digest);
    return digest;
  };
}

/** The message of one reader, and the two parts that it holds. The same order gives the same bytes. */
export async function writeMessage(
  desk: Desk,
  digest: Digest,
  order: Order,
): Promise<Message & { html: string; text: string }> {
  const token = linkToken(desk.secret, 'unsubscribe', order.subscriberId);
  const parts = { address: order.address, unsubscribeUrl: unsubscribeUrl(desk.sender, token) };
  const { to, messageId, date } = { to: order.address, messageId: order.messageId, date: order.date };
  const own = forReader(digest, parts);
  const { subject, date: edition } = digest;
  const letter = { to, messageId, date, subject, ...own, edition, token };
  return { ...own, ...(await composeMessage(letter, desk.sender)) };
}
