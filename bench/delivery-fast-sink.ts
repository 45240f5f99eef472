// A fast SMTP server for bench/delivery.ts: it answers, counts, and keeps nothing. A process of its own; its one
// argument is how many milliseconds every answer takes to arrive.
import { createServer, type Socket } from 'node:net';

const END = '\r\n.\r\n';
const HELLO = '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n';
const delayMs = Number(process.argv[2] ?? 0);
let messages = 0;

/** Answers at once, or when the answer has had its time on the way: as far apart as they were said. */
function answer(socket: Socket, text: string): void {
  if (delayMs === 0) socket.write(text);
  else setTimeout(() => socket.write(text), delayMs);
}

const server = createServer(socket => {
  // Of a message only what may be the beginning of its end is kept, of commands what has no line end yet.
  let rest = '';
  let isData = false;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  answer(socket, '220 sink ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    // The end of a message is looked for where it is likely to be; in the midst of it nothing is copied.
    if (isData && !endsMessage(chunk, rest)) {
      rest = (rest + chunk.toString('latin1', Math.max(0, chunk.length - 4))).slice(-4);
      return;
    }
    let text = rest + chunk.toString('latin1');
    let said = '';
    for (;;) {
      const end = text.indexOf(isData ? END : '\r\n');
      if (end < 0) break;
      if (isData) {
        messages++;
        isData = false;
        said += '250 kept\r\n';
        text = text.slice(end + END.length);
        continue;
      }
      const verb = text.slice(0, Math.min(end, 4)).toUpperCase();
      text = text.slice(end + 2);
      if (verb === 'EHLO') said += HELLO;
      else if (verb === 'DATA') {
        isData = true;
        said += '354 go on\r\n';
      } else said += verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
    }
    rest = isData ? text.slice(-4) : text;
    if (said !== '') answer(socket, said);
  });
});

/** Whether the end of a message is in a chunk, or in what came before it and the chunk. */
const endsMessage = (chunk: Buffer, before: string) =>
  chunk.includes(END) || (before + chunk.toString('latin1', 0, 4)).includes(END);

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
process.on('message', () => process.send?.(messages));
process.on('disconnect', () => process.exit());
