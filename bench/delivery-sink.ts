// A fast SMTP server for bench/delivery.ts: it answers, counts, and keeps nothing. A process of its own.
import { createServer } from 'node:net';

const END = Buffer.from('\r\n.\r\n');
const HELLO = '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n';
let messages = 0;

const server = createServer(socket => {
  let rest: Buffer = Buffer.alloc(0);
  let data = false;
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.write('220 sink ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let answer = '';
    for (;;) {
      const end = data ? rest.indexOf(END) : rest.indexOf('\r\n');
      if (end < 0) {
        // Of a message only what may be the beginning of its end is kept.
        if (data && rest.length > 4) rest = Buffer.from(rest.subarray(-4));
        break;
      }
      if (data) {
        messages++;
        data = false;
        answer += '250 kept\r\n';
        rest = rest.subarray(end + END.length);
        continue;
      }
      const verb = rest.toString('latin1', 0, Math.min(end, 4)).toUpperCase();
      rest = rest.subarray(end + 2);
      if (verb === 'EHLO') answer += HELLO;
      else if (verb === 'DATA') {
        data = true;
        answer += '354 go on\r\n';
      } else answer += verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
    }
    if (answer !== '') socket.write(answer);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port));
process.on('message', () => process.send?.(messages));
process.on('disconnect', () => process.exit());
