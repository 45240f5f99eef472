// An inbox: the .eml files of a folder, read back by an independent parser.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Attachment } from 'postal-mime';

/** One mail as its receiver has it. `html` is its HTML part; in `shown` the pictures that came with it stand in place. */
export interface Mail {
  id: string;
  to: string;
  from: string;
  subject: string;
  date: string;
  html: string;
  shown: string;
  text: string;
  headers: { name: string; value: string }[];
  /** The bytes as text, for reading. */
  source: string;
  bytes: Buffer<ArrayBuffer>;
}

/** Where the studio takes its mails from; `list` is in order of address. */
export interface Inbox {
  title: string;
  about: string;
  list(): Promise<Mail[]>;
}

/** The inbox of a folder of .eml files, the newest 300 of them; new files appear at the next reading. */
export function folderInbox(folder: string, title: string, about: string): Inbox {
  const read = new Map<string, Mail>();
  return {
    title,
    about,
    async list() {
      const files = await newest(folder);
      for (const file of files) {
        if (!read.has(file))
          read.set(file, await readMail(file.slice(0, -4), await readFile(join(folder, file))));
      }
      return files.flatMap(file => read.get(file) ?? []).sort(byAddress);
    },
  };
}

/** An outbox may hold the mails of months. */
const MOST_MAILS = 300;

/** The names of the newest .eml files; none where there is no folder yet: it is made with the first mail. */
async function newest(folder: string): Promise<string[]> {
  const files = (await readdir(folder).catch(() => [])).filter(file => file.endsWith('.eml'));
  if (files.length <= MOST_MAILS) return files;
  const dated = files.map(async file => ({ file, at: (await stat(join(folder, file))).mtimeMs }));
  const sorted = (await Promise.all(dated)).sort((a, b) => b.at - a.at);
  return sorted.slice(0, MOST_MAILS).map(({ file }) => file);
}

const byAddress = (a: Mail, b: Mail) => a.to.localeCompare(b.to) || b.date.localeCompare(a.date);

/** Parses the bytes of a message. */
export async function readMail(id: string, bytes: Buffer): Promise<Mail> {
  const mail = await PostalMime.parse(bytes, { attachmentEncoding: 'base64' });
  const html = mail.html ?? '';
  return {
    id,
    to: mail.deliveredTo ?? mail.to?.map(to => to.address ?? '').join(', ') ?? '',
    from: mail.from?.name ? `${mail.from.name} <${mail.from.address}>` : (mail.from?.address ?? ''),
    subject: mail.subject ?? '',
    date: mail.date ?? '',
    html,
    shown: mail.attachments.reduce(inPlace, html),
    text: mail.text ?? '',
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    source: bytes.toString('utf8'),
    bytes: Buffer.from(bytes),
  };
}

/** A picture that came with the mail (RFC 2392) as an address that needs no mail program. */
function inPlace(html: string, { contentId, mimeType, content }: Attachment): string {
  const id = contentId?.replace(/^<|>$/g, '');
  if (id === undefined || id === '' || !/^image\/[a-z]+$/.test(mimeType)) return html;
  return html.replaceAll(`cid:${id}`, `data:${mimeType};base64,${content}`);
}
