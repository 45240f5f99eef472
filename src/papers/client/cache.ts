// Answers that were kept, so that a host need not send again what has not changed. One file an address.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../folder.ts';
import type { Clock } from '../../store/schema.ts';

const MOST: Readonly<{ entries: number; bytes: number }> = { entries: 200, bytes: 100_000_000 };

const About = z.object({
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  contentType: z.string(),
  link: z.string().nullable(),
});

/** A whole answer, with what its host needs to tell whether it is still the same. */
export interface Kept extends z.infer<typeof About> {
  text: string;
}

export interface Cache {
  /** What was kept of `url`; null when nothing was, or the file is damaged. @throws Error when it cannot be read */
  find(url: string): Promise<Kept | null>;
  /** Keeps an answer and lets the oldest go. @throws Error in the words of the system */
  keep(url: string, kept: Kept): Promise<void>;
  /** Marks `url` as still in use. */
  touch(url: string): Promise<void>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A cache in `folder`. A file holds its own SHA-256, a line of JSON and the text; its time is its last use. */
export function openCache(folder: string, clock: Clock, most: typeof MOST = MOST): Cache {
  const fileOf = (url: string) => join(folder, sha256(url));
  const touch = (file: string) => {
    const now = new Date(clock().epochMilliseconds);
    return utimes(file, now, now);
  };
  return {
    async find(url) {
      try {
        return parse(await readFile(fileOf(url), 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async keep(url, { text, ...about }) {
      makeFolder(folder);
      const file = fileOf(url);
      const draft = `${file}.${randomUUID()}`;
      try {
        // The answer may have been got with a key: others need not read it.
        const content = `${JSON.stringify(about)}\n${text}`;
        await writeFile(draft, `${sha256(content)}\n${content}`, { mode: 0o600 });
        await touch(draft);
        await rename(draft, file);
      } finally {
        await rm(draft, { force: true });
      }
      await letGo(folder, most);
    },
    async touch(url) {
      await touch(fileOf(url));
    },
  };
}

function parse(file: string): Kept | null {
  const content = file.slice(65);
  if (sha256(content) !== file.slice(0, 64)) return null;
  const end = content.indexOf('\n');
  const about = About.safeParse(JSON.parse(content.slice(0, end)));
  // A file of another version of this program may hold other facts.
  return about.success ? { ...about.data, text: content.slice(end + 1) } : null;
}

/** Removes what was not used for longest until the rest fits; drafts of a process that died are among them. */
async function letGo(folder: string, most: typeof MOST): Promise<void> {
  const names = (await readdir(folder)).filter(name => /^[0-9a-f]{64}(?:\.[0-9a-f-]{36})?$/.test(name));
  const files = await Promise.all(names.map(name => aged(join(folder, name))));
  let bytes = 0;
  let entries = 0;
  for (const file of files.filter(file => file !== null).sort((a, b) => b.at - a.at)) {
    bytes += file.size;
    if (++entries > most.entries || bytes > most.bytes) await rm(file.path, { force: true });
  }
}

async function aged(path: string): Promise<{ path: string; size: number; at: number } | null> {
  // Another process may have removed or renamed it a moment ago.
  const found = await stat(path).catch(() => null);
  return found === null ? null : { path, size: found.size, at: found.mtimeMs };
}
