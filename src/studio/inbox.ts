// An inbox: the .eml files of a folder, or messages that were only composed, read back by an independent parser.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/** One mail as its receiver has it. `headers` are its raw lines, `size` the bytes of its HTML part. */
export interface Mail {
  id: string;
  to: string;
  from: string;
  subject: string;
  date: string;
  html: string;
  text: string;
  headers: { name: string; value: string }[];
  source: string;
}

/** Where the studio takes its mails from; `list` is in order of address. */
export interface Inbox {
  title: string;
  about: string;
  list(): Promise<Mail[]>;
}

/** The inbox of a folder of .eml files; new files appear at the next reading. */
export function folderInbox(folder: string, title: string, about: string): Inbox {
  const read = new Map<string, Mail>();
  return {
    title,
    about,
    async list() {
      const files = (await readdir(folder)).filter(file => file.endsWith('.eml'));
      for (const file of files) {
        if (!read.has(file))
          read.set(file, await readMail(file.slice(0, -4), await readFile(join(folder, file))));
      }
      return [...read.values()].sort(byAddress);
    },
  };
}

/** An inbox of mails that are already read. */
export function fixedInbox(mails: readonly Mail[], title: string, about: string): Inbox {
  return { title, about, list: async () => [...mails].sort(byAddress) };
}

const byAddress = (a: Mail, b: Mail) => a.to.localeCompare(b.to) || b.date.localeCompare(a.date);

/** Parses the bytes of a message. */
export async function readMail(id: string, bytes: Buffer): Promise<Mail> {
  const mail = await PostalMime.parse(bytes);
  return {
    id,
    to: mail.deliveredTo ?? mail.to?.map(to => to.address ?? '').join(', ') ?? '',
    from: mail.from?.name ? `${mail.from.name} <${mail.from.address}>` : (mail.from?.address ?? ''),
    subject: mail.subject ?? '',
    date: mail.date ?? '',
    html: mail.html ?? '',
    text: mail.text ?? '',
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    source: bytes.toString('utf8'),
  };
}
