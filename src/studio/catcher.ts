// The catcher: a real SMTP server on this machine that keeps every message as a file, as a mailbox would.
import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { makePrivateFolder } from '../folder.ts';

/** A running catcher: its SMTP URL, and how to close it. */
export interface Catcher {
  url: string;
  close(): Promise<void>;
}

/** Starts a catcher on 127.0.0.1 (any free port) that writes each message it accepts to `folder` as an .eml file. */
export async function startCatcher(folder: string): Promise<Catcher> {
  makePrivateFolder(folder);
  const server = new SMTPServer({
    banner: 'Paperround catcher',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, session, done) {
      buffer(stream)
        .then(async bytes => {
          const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
          for (const { address } of session.envelope.rcptTo) await keep(folder, from, address, bytes);
        })
        .then(() => done(null, 'kept'), done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise(resolve => server.close(resolve)),
  };
}

/** Final delivery adds Return-Path and Delivered-To (RFC 5321 §4.4), so that the file says who it was for. */
async function keep(folder: string, from: string, to: string, bytes: Buffer): Promise<void> {
  const file = join(folder, `${randomUUID()}.eml`);
  await writeFile(
    `${file}.part`,
    Buffer.concat([Buffer.from(`Return-Path: <${from}>\r\nDelivered-To: ${to}\r\n`), bytes]),
  );
  await rename(`${file}.part`, file);
}
