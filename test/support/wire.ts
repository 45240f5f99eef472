// A wire between a process and a server, on loopback, that can be cut, or go dead without a word.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Wire {
  port: number;
  /** Breaks every connection, and lets nobody through. */
  cut(): void;
  /** Lets nothing through any more, and says nothing: as when a cable is pulled, or a firewall forgets. */
  freeze(): void;
  /** Lets new connections through; frozen ones are broken. */
  mend(): void;
}

/** A wire to a port of this machine; gone when the test ends. */
export async function wireTo(port: number): Promise<Wire> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'whole' | 'cut' | 'frozen' = 'whole';
  const server = createServer(near => {
    near.on('error', () => {});
    if (state === 'cut') return void near.destroy();
    if (state === 'frozen') return void near.pause();
    const far = connect(port, '127.0.0.1');
    far.on('error', () => {});
    const pair = [near, far] as const;
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    const over = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    near.on('close', over);
    far.on('close', over);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  onTestFinished(() => {
    breakAll();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
      breakAll();
    },
    freeze() {
      state = 'frozen';
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        near.pause();
        far.pause();
      }
    },
    mend() {
      if (state === 'frozen') breakAll();
      state = 'whole';
    },
  };
}
