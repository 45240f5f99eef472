// `paperround prune`: forgets what is older than the settings KEEP_…_DAYS say. The day's job does so too.
import { PaperroundError } from '../errors.ts';
import { prune as forget, prunedWords } from '../prune.ts';
import type { Command } from './context.ts';

const prune: Command<{ dryRun?: boolean }> = async ({ terminal, app }, { dryRun = false }) => {
  const open = await app();
  const pruned = await forget(open, dryRun);
  if (Object.values(pruned).every(n => n === null))
    throw new PaperroundError('config', 'Everything is kept for ever, as nothing else is set', {
      hint: 'Set one or more of KEEP_DELIVERIES_DAYS, KEEP_VOTES_DAYS, KEEP_PENDING_DAYS, KEEP_BOUNCES_DAYS.',
    });
  const words = prunedWords(pruned) || 'nothing is old enough';
  terminal.result({ dryRun, ...pruned }, [dryRun ? `Would be forgotten: ${words}.` : `Forgotten: ${words}.`]);
  return 0;
};
export default prune;
