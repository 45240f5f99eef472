// `paperround subscribers export`: all readers as the JSON that import takes.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportSubscribers } from '../../subscribers/import.ts';
import { everySubscriber, type Subscriber } from '../../subscribers/subscriber.ts';
import type { Command } from '../context.ts';

const exportReaders: Command = async ({ app }) => {
  const readers = everySubscriber((await app()).db);
  await pipeline(Readable.from(document(readers)), process.stdout, { end: false });
  // What a slow reader has not taken yet is still to be written.
  await new Promise(resolve => process.stdout.write('', resolve));
  return 0;
};
export default exportReaders;

/** What JSON.stringify with two spaces says of all of them, one after the other. */
async function* document(readers: AsyncIterable<Subscriber>): AsyncGenerator<string> {
  let before = '[';
  for await (const reader of readers) {
    const text = JSON.stringify(exportSubscribers([reader]), null, 2);
    yield `${before}${text.slice(1, -2)}`;
    before = ',';
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}
