// The outbox: a folder of .eml files that stands in where no mail server is configured.
import { access, constants, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PaperroundError, reasonOf } from '../../errors.ts';
import { makeFolder } from '../../folder.ts';
import type { Mailer } from './mailer.ts';

/**
 * A mailer that writes every message to `folder` as `ADDRESS--ID.eml`. The name comes from the Message-ID, so a message
 * that is sent again replaces itself.
 */
export function outboxMailer(folder: string): Mailer {
  return {
    name: `outbox ${folder}`,
    connections: 1,
    async check() {
      try {
        makeFolder(folder);
        await access(folder, constants.W_OK);
      } catch (error) {
        throw new PaperroundError('mailer', `The outbox ${folder} cannot be written: ${reasonOf(error)}`, {
          hint: 'Give a folder that this user may write to by DATA_DIR, or a mail server by SMTP_URL.',
          cause: error,
        });
      }
    },
    async send(message) {
      const mark = message.messageId.slice(1, 13);
      const file = join(folder, `${fileName(message.envelope.to)}--${mark}.eml`);
      try {
        await writeFile(`${file}.part`, message.bytes);
        await rename(`${file}.part`, file);
        return { outcome: 'sent', answer: `written to ${file}` };
      } catch (error) {
        return { outcome: 'unavailable', answer: reasonOf(error) };
      }
    },
    async close() {},
  };
}

/** An address as part of a file name: nothing in it can name another folder. */
const fileName = (address: string) =>
  address
    .replace(/[^\p{L}\p{N}@.+_-]/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 120);
