// `paperround config`: the settings in force, and where each comes from. Secrets are masked.
import { shownSettings } from '../config.ts';
import type { Command } from './context.ts';
import { table } from './terminal.ts';

const config: Command = async context => {
  const shown = shownSettings(await context.config());
  context.terminal.result(
    { settings: Object.fromEntries(shown.map(({ key, value, origin }) => [key, { value, origin }])) },
    table(shown.map(({ key, env, value, origin }) => [key, env, value === '' ? '(not set)' : value, origin])),
  );
  return 0;
};
export default config;
