// A small finished message, for tests of what hands messages over.
import type { Message } from '../../src/digests/message.ts';

export const message = (id: string, to = 'ada@example.org'): Message => ({
  messageId: `<${id}@example.org>`,
  envelope: { from: `papers+${id}@example.org`, to },
  bytes: Buffer.from(
    `Message-ID: <${id}@example.org>\r\nFrom: papers@example.org\r\nTo: ${to}\r\nSubject: =?utf-8?Q?=CE=B1?=\r\n\r\n.dot\r\n..\r\nα\r\n`,
  ),
});
