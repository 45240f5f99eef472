// The words of the studio's addresses: in which view, in which look.
import { LOOKS, type Look } from '../looks/looks.ts';

/** The ways to look at any mail, in the order of their tabs. */
export const MAIL_VIEWS = {
  mail: 'Mail',
  looks: 'All looks',
  inbox: 'Inbox',
  text: 'Text',
  source: 'HTML source',
  headers: 'Headers',
  raw: 'Raw',
} as const;
export type MailView = keyof typeof MAIL_VIEWS;

/** All views of a mail that is not sent yet. */
export const VIEWS = {
  ...MAIL_VIEWS,
  bytes: 'Bytes',
  preflight: 'Preflight',
  difference: 'Difference',
  readers: 'Readers',
  send: 'Test send',
} as const;
type ViewName = keyof typeof VIEWS;

export const isMailView = (view: ViewName): view is MailView => Object.hasOwn(MAIL_VIEWS, view);

/** In which view and look something is seen. */
export interface Chosen {
  view: ViewName;
  look: Look;
}

/** The address of the same mail, seen in another way or under another path. */
export type AddressOf = (change: Partial<Chosen>, path?: string) => string;

export const lookOf = (word: string | undefined): Look => choice(LOOKS, word, 'light');

/** A word of an address that is one of `of`, or the usual one. */
export function choice<T extends object>(of: T, word: string | undefined, usual: keyof T): keyof T {
  return word !== undefined && Object.hasOwn(of, word) ? (word as keyof T) : usual;
}
