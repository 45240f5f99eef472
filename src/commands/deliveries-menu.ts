// The commands `paperround deliveries …`, as the command line declares them.
import { type Command, Option } from 'commander';
import { day } from './arguments.ts';
import type { Declare } from './themes-menu.ts';

/** Declares the commands on deliveries. */
export function declareDeliveries(program: Command, declare: Declare): void {
  const deliveries = program.command('deliveries').description('who got what, and what to do about the rest');
  const date = (what = 'the edition (default: the latest)') =>
    new Option('--date <day>', what).argParser(day);
  declare(deliveries, 'list', 'list deliveries', () => import('./deliveries/list.ts'))
    .addOption(date('only of this edition'))
    .option('--state <state>', 'only in this state')
    .option('--subscriber <address>', 'only of this reader');
  declare(
    deliveries,
    'show <address>',
    'the whole life of one delivery in words, or why there is none',
    () => import('./deliveries/show.ts'),
  ).addOption(date());
  declare(
    deliveries,
    'retry [address...]',
    'let the next run try them again',
    () => import('./deliveries/retry.ts'),
  )
    .option('--state <state>', 'all of the edition in this state: deferred, refused or unknown')
    .addOption(date())
    .option('--yes', 'do not ask, where it is more than one')
    .option('--dry-run', 'say which would be tried again; change nothing');
  declare(
    deliveries,
    'resolve <address>',
    'say what became of an unknown one',
    () => import('./deliveries/resolve.ts'),
  )
    .addOption(date('the edition'))
    .option('--sent', 'it arrived')
    .option('--not-sent', 'it did not arrive: it is owed');
  const stopping = () => import('./deliveries/stopping.ts');
  declare(deliveries, 'pause', "stop an edition's sending, also while another process sends", () =>
    stopping().then(m => ({ default: m.pause })),
  ).addOption(date());
  declare(deliveries, 'resume', 'let a paused edition go on', () =>
    stopping().then(m => ({ default: m.resume })),
  ).addOption(date());
  declare(
    deliveries,
    'cancel',
    'give up what is still owed of an edition; the next digest has its papers',
    () => stopping().then(m => ({ default: m.cancel })),
  )
    .addOption(date())
    .option('--drop', 'its papers are in no later digest either');
}
