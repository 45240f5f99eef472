// `paperround themes refit|models|use`: what this installation learnt of its own papers, and which model it uses.
import { PaperroundError } from '../errors.ts';
import { refitLine } from '../report.ts';
import { type Refit, refit as refitThemes } from '../themes/refit.ts';
import type { Figures } from '../themes/self-check.ts';
import { readModels, type StoredThemeModel, serves, takeIntoUse } from '../themes/stored-models.ts';
import { ALSO_TODAY, type Theme } from '../themes/taxonomy.ts';
import type { Command } from './context.ts';
import { counted, table } from './terminal.ts';

export const refit: Command<{ force?: boolean }> = async ({ terminal, app, signal }, { force = false }) => {
  const { db, themes, clock } = await app();
  const done = await refitThemes(db, themes, { clock, signal, force });
  const lines = [...(done.model?.figures ? inWords(done.model.figures) : []), refitLine(done)];
  if ('seconds' in done) lines.push(`It took ${done.seconds} seconds.`);
  if (done.outcome === 'not-due') lines.push('To fit all the same: paperround themes refit --force');
  terminal.result(shownRefit(done), lines);
  return done.outcome === 'failed' || done.outcome === 'stopped' ? 1 : 0;
};

/** What came of a refit, for `--json`. */
export function shownRefit({ model, ...done }: Refit): object {
  return { ...done, model: model && shownModel(model) };
}

export const models: Command = async ({ terminal, app }) => {
  const { db } = await app();
  const all = await readModels(db);
  const inUse = all.find(({ state }) => state === 'in-use');
  const rows = all.map(model => [
    String(model.version),
    model.madeAt,
    String(model.papers),
    model.state === 'refused' && model.figures === null ? 'failed' : model.state,
    model.figures === null ? '-' : shares(model.figures.doubtless),
    model.figures === null ? '-' : shares(model.figures.corrections),
    `${model.stored || model.figures === null ? '' : '(its bytes are gone) '}${model.reason ?? ''}`,
  ]);
  const heads = ['version', 'made', 'papers', 'state', 'beyond doubt', 'corrected', 'why'];
  terminal.result({ inUse: inUse?.version ?? 'shipped', models: all.map(shownModel) }, [
    ...(rows.length === 0 ? ['Nothing was learnt yet.'] : table([heads, ...rows])),
    inUse === undefined ? 'In use: the model that ships.' : `In use: version ${inUse.version}.`,
  ]);
  return 0;
};

const shares = ({ papers, before, after }: Figures['doubtless']) => `${before} → ${after} of ${papers}`;

const shownModel = ({ taxonomy: _, ...model }: StoredThemeModel) => model;

export const use: Command<object, [string]> = async ({ terminal, app }, _options, given) => {
  const version = given === 'shipped' ? null : Number(given);
  if (version !== null && !(Number.isSafeInteger(version) && version > 0)) {
    throw new PaperroundError('usage', `"${given.slice(0, 80)}" is no version`, {
      hint: 'Give a number of "paperround themes models", or shipped.',
    });
  }
  const { db, themes } = await app();
  await takeIntoUse(db, version, themes);
  terminal.result({ inUse: version ?? 'shipped' }, [
    `In use from now on: ${version === null ? 'the model that ships' : `version ${version}`}.`,
  ]);
  return 0;
};

/** The figures of a self-check, a line each. */
function inWords({ papers, doubtless, corrections, changed, themes }: Figures): string[] {
  const none = themes.find(({ slug }) => slug === ALSO_TODAY.slug) ?? { before: 0, after: 0 };
  const [largest] = themes.filter(({ slug }) => slug !== ALSO_TODAY.slug);
  return [
    `Asked about ${counted(papers, 'paper')} that it was not fitted to; before → after:`,
    ...table([
      ['  right, of those beyond doubt (keywords hidden)', shares(doubtless)],
      ['  right, of corrected papers', shares(corrections)],
      ['  without a theme', `${none.before} → ${none.after} of ${papers}`],
      ['  in the largest theme', largest ? `${largest.before} → ${largest.after} (${largest.slug})` : 'none'],
      ['  get another theme', `${changed} of ${papers}`],
    ]),
  ];
}

/** One line on the model in use, and on the last attempt where it was not taken. */
export function modelLine(all: readonly StoredThemeModel[], themes: readonly Theme[]): string {
  const inUse = all.find(({ state }) => state === 'in-use');
  const used =
    inUse === undefined || !serves(inUse, themes)
      ? `the model that ships${inUse === undefined ? '' : ', until one is fitted to the themes as they are now'}`
      : `version ${inUse.version} of ${inUse.madeAt}, learnt from ${counted(inUse.papers, 'paper')}`;
  const [last] = all;
  if (last === undefined || last.state !== 'refused') return used;
  return `${used}; version ${last.version} of ${last.madeAt} ${last.figures === null ? 'failed' : 'was refused'}: ${last.reason}`;
}
