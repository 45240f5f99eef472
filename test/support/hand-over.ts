// A mail server that hands a mail over, line by line, by LMTP or SMTP.
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** Hands a mail over as a mail server does, line by line; what was answered to RCPT TO, and at the end. */
export async function handOver(port: number, lmtp: boolean, to: readonly string[], mail: Buffer) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const replies = repliesOf(socket);
  const say = async (line: string | Buffer) => {
    socket.write(line);
    return (await replies.next()).value ?? 'closed';
  };
  await replies.next();
  await say(lmtp ? 'LHLO mx.example.net\r\n' : 'EHLO mx.example.net\r\n');
  await say('MAIL FROM:<>\r\n');
  const rcpt: string[] = [];
  for (const address of to) rcpt.push(await say(`RCPT TO:<${address}>\r\n`));
  const go = await say('DATA\r\n');
  if (!go.startsWith('354')) return { rcpt, end: [go] };
  const end = [await say(Buffer.concat([mail, Buffer.from('\r\n.\r\n')]))];
  const taken = rcpt.filter(reply => reply.startsWith('250')).length;
  while (lmtp && end.length < taken) end.push((await replies.next()).value ?? 'closed');
  socket.end('QUIT\r\n');
  return { rcpt, end };
}

/** Whole replies: the last line of each, which has a blank after its code. */
async function* repliesOf(socket: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let pending = '';
  for await (const chunk of socket) {
    pending += chunk.toString();
    for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (/^\d{3} /.test(line)) yield line;
    }
  }
}
