// The mail server breaks the dialogue at every point: whoever can be reached has the message once, and what is not known is listed.
import { expect, it } from 'vitest';
import type { Fault, Plan, Point } from '../support/faulty-mail-server.ts';
import { CONNECTIONS, house, STORES } from './house.ts';
import { readersOf, rounds, roundsOf } from './rounds.ts';

const READERS = readersOf(40, 0.25);
const many = roundsOf(1, 0.02);

const each = (act: Fault['act'], odds: number, ...points: Point[]): Fault[] =>
  points.map(at => ({ at, odds, act }));

/** What the mail server does, and what may come of it at most. */
const DIALOGUES: [string, Omit<Plan, 'seed'>, { unknown: boolean; refused: boolean }][] = [
  [
    'disconnects before the message',
    { faults: each('drop', 0.03, 'connect', 'helo', 'mail', 'rcpt', 'data') },
    { unknown: false, refused: false },
  ],
  ['disconnects in the message', { faults: each('drop', 0.08, 'body') }, { unknown: true, refused: false }],
  [
    'disconnects after the final dot without an answer',
    { faults: each('drop', 0.06, 'dot', 'kept') },
    { unknown: true, refused: false },
  ],
  [
    'says 421 in the middle of it',
    { faults: each('421 4.3.2 shutting down', 0.03, 'helo', 'mail', 'rcpt', 'data', 'dot') },
    { unknown: false, refused: false },
  ],
  [
    'says 4xx to any command',
    { faults: each('451 4.2.1 not now', 0.05, 'helo', 'mail', 'rcpt', 'data', 'dot') },
    { unknown: false, refused: false },
  ],
  [
    'says 5xx to any command',
    { faults: each('554 5.7.1 never', 0.03, 'mail', 'rcpt', 'data', 'dot') },
    { unknown: false, refused: true },
  ],
  [
    'answers slowly',
    { faults: each('slow', 0.03, 'connect', 'helo', 'mail', 'rcpt', 'data', 'dot', 'kept') },
    { unknown: false, refused: false },
  ],
  [
    'fails to encrypt',
    { tls: true, faults: each('drop', 0.4, 'starttls') },
    { unknown: false, refused: false },
  ],
  [
    'does all of that',
    {
      tls: true,
      faults: [
        ...each('drop', 0.01, 'connect', 'starttls', 'rcpt', 'data', 'body', 'dot', 'kept'),
        ...each('421 4.3.2 shutting down', 0.01, 'mail', 'dot'),
        ...each('451 4.2.1 not now', 0.02, 'rcpt', 'dot'),
        ...each('550 5.1.1 nobody here', 0.02, 'rcpt'),
        ...each('slow', 0.02, 'mail', 'kept'),
      ],
    },
    { unknown: true, refused: true },
  ],
];

it.for(DIALOGUES.map((dialogue, at) => [...dialogue, at] as const))(
  'a mail server that %s',
  { timeout: many.timeout },
  async ([name, plan, may, at]) => {
    const stores = at % 2 === 0 ? STORES : STORES.toReversed();
    const lines = await rounds(
      `the mail server ${name}`,
      many.rounds,
      async ({ store, random }) => {
        const home = await house(store, READERS, { ...plan, seed: random() * 2 ** 31 });
        await home.untilSettled();
        const { struck } = await home.mail.seen();
        expect(Object.keys(struck)).not.toEqual([]);
        return { house: home, connections: CONNECTIONS };
      },
      stores,
    );
    for (const { times, refused } of lines) {
      if (!may.unknown) expect(times).toBe(0);
      if (!may.refused) expect(refused).toBe(0);
    }
  },
);
