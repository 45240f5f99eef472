// `paperround themes refit|models|use`: what this installation learnt of its own papers, and which model it uses.
import { PaperroundError } from '../errors.ts';
import { refitLine } from '../report.ts';
import { type InUse, whoAnswers } from '../themes/model-in-use.ts';
import { type Refit, refit as refitThemes } from '../themes/refit.ts';
import type { Figures } from '../themes/self-check.ts';
import { madeNothing, readModels, type StoredThemeModel, takeIntoUse } from '../themes/stored-models.ts';
import { ALSO_TODAY } from '../themes/taxonomy.ts';
import type { Command } from './context.ts';
import { counted, table } from './terminal.ts';

export const refit: Command<{ force?: boolean }> = async ({ terminal, app, signal }, { force = false }) => {
  const { db, themes, clock } = await app();
  const done = await refitThemes(db, themes, { clock, signal, force });
  const lines = [...(done.model?.figures ? inWords(done.model.figures) : []), refitLine(done)];
  if ('seconds' in done) lines.push(`It took ${done.seconds} seconds.`);
  if (done.outcome === 'not-due' && !force)
    lines.push('To fit all the same: paperround themes refit --force');
  terminal.result(shownRefit(done), lines);
  const isUndone = done.outcome === 'failed' || done.outcome === 'stopped';
  // Who insists and is not obeyed learns it from the exit status too.
  return isUndone || (force && done.outcome === 'busy') ? 1 : 0;
};

/** What came of a refit, for `--json`. */
export function shownRefit({ model, ...done }: Refit): object {
  return { ...done, model: model && shownModel(model) };
}

export const models: Command = async ({ terminal, app }) => {
  const { db, themes } = await app();
  const all = await readModels(db);
  const inUse = await whoAnswers(db, themes);
  const rows = all.map(model => [
    String(model.version),
    model.madeAt,
    String(model.papers),
    madeNothing(model) ? 'no model' : model.state,
    model.figures === null ? '-' : shares(model.figures.doubtless),
    model.figures === null ? '-' : shares(model.figures.corrections),
    [
      model.stored || madeNothing(model) ? '' : '(its bytes are gone) ',
      model.figuresUnreadable ? '(figures unreadable) ' : '',
      model.reason ?? '',
    ].join(''),
  ]);
  const heads = ['version', 'made', 'papers', 'state', 'beyond doubt', 'corrected', 'why'];
  const shown = {
    inUse: inUse?.version ?? 'shipped',
    answers: answering(inUse),
    models: all.map(shownModel),
  };
  terminal.result(shown, [
    ...(rows.length === 0 ? ['Nothing was learnt yet.'] : table([heads, ...rows])),
    `In use: ${inUse === undefined ? SHIPPED : versionInWords(`version ${inUse.version}`, inUse)}.`,
  ]);
  return 0;
};

const SHIPPED = 'the model that ships';

/** The version that answers, or `shipped`, for `--json`. */
export const answering = (inUse: InUse | undefined): number | 'shipped' =>
  inUse?.standing === 'answers' ? inUse.version : 'shipped';

/** A version in use, and where it does not answer itself, why. */
function versionInWords(version: string, { standing }: InUse): string {
  if (standing === 'answers') return version;
  const why =
    standing === 'unreadable'
      ? 'cannot be read'
      : 'waits until the themes are again those for which it was fitted';
  return `${version}, but it ${why}; ${SHIPPED} answers`;
}

const shares = ({ papers, before, after }: Figures['doubtless']) => `${before} → ${after} of ${papers}`;

const shownModel = ({ taxonomy: _, ...model }: StoredThemeModel) => model;

export const use: Command<object, [string]> = async ({ terminal, app }, _options, given) => {
  const version = given === 'shipped' ? null : Number(given);
  if (version !== null && !(/^\d+$/.test(given) && Number.isSafeInteger(version) && version > 0)) {
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
export function modelLine(all: readonly StoredThemeModel[], inUse: InUse | undefined): string {
  const row = all.find(({ version }) => version === inUse?.version);
  const used =
    inUse === undefined || row === undefined
      ? SHIPPED
      : versionInWords(
          `version ${row.version} of ${row.madeAt}, learnt from ${counted(row.papers, 'paper')}`,
          inUse,
        );
  const [last] = all;
  if (last === undefined || last.state !== 'refused') return used;
  const came = madeNothing(last) ? 'no model came of' : 'refused was';
  return `${used}; ${came} version ${last.version} of ${last.madeAt}: ${last.reason}`;
}
