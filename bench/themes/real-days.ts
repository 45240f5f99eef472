// The 28 themes on papers of real days, which two annotators labelled without seeing each other's work.
import type { DayModel } from '../../src/themes/layout.ts';
import { interval } from '../../src/themes/metrics.ts';
import { type Contender, fittedBy, KEYWORDS, SHIPPED, UNTAUGHT } from './contenders.ts';
import type { Annotated, BenchData } from './data.ts';
import { between, count, figure, head, mean, type Part, row, tell } from './tables.ts';

/** What was said of one paper, in the shares of its annotators who would accept it. */
interface Verdict {
  first: number;
  either: boolean;
  same: boolean;
  top2: number;
  none: boolean;
  /** Undefined where no second theme was named. */
  second: number | undefined;
}

export function realDays(data: BenchData): Part {
  const { annotated, themes } = data;
  const fitted = fittedBy(data, new Set(annotated.map(({ id }) => id)));
  const contenders: Contender[] = [
    KEYWORDS,
    UNTAUGHT,
    fitted.alone(data.archive.length),
    fitted.taughtBy(4, 'taught by 25 % of the labels'),
    fitted.taughtBy(2, 'taught by 50 % of the labels'),
    SHIPPED,
    fitted.withArchive(3_000),
    fitted.withArchive(data.archive.length),
  ];
  const lines = ['### Real days: the 28 themes, labelled by two annotators', ''];
  const aims: NonNullable<Part['aims']> = [];
  for (const source of ['Hugging Face', 'arXiv'] as const) {
    const papers = annotated.filter(paper => paper.source === source);
    lines.push(
      `**${papers.length} ${source === 'arXiv' ? 'random papers of arXiv' : 'papers of Hugging Face’s daily lists'}**`,
      '',
      ...head(
        '',
        'acceptable (95 %)',
        'to either',
        'same first theme',
        'in the best two',
        'no theme',
        'second named',
        'second acceptable',
      ),
    );
    for (const { name, model } of contenders) {
      tell(`real days: ${source}, ${name}`);
      const verdicts = judged(papers, model(themes));
      lines.push(verdictRow(name, verdicts));
      if (name !== SHIPPED.name || source === 'arXiv') continue;
      aims.push(
        { what: 'real days: acceptable theme', aim: 0.88, now: mean(verdicts.map(({ first }) => first)) },
        { what: 'real days: in the best two', aim: 0.97, now: mean(verdicts.map(({ top2 }) => top2)) },
      );
    }
    lines.push(row('*one annotator, judged by the other*', ...agreement(papers)), '');
  }
  return { lines: lines.slice(0, -1), aims };
}

function judged(papers: readonly Annotated[], model: DayModel): Verdict[] {
  return papers.map(({ annotators, ...paper }) => {
    const { theme, second, ranking } = model.classify(paper);
    const best = ranking?.slice(0, 2).map(entry => entry.theme) ?? [theme];
    const share = (is: (labels: Annotated['annotators'][number]) => boolean) =>
      annotators.filter(is).length / annotators.length;
    const first = share(labels => labels.includes(theme));
    return {
      first,
      either: first > 0,
      same: annotators[0]?.[0] === theme,
      top2: share(labels => labels.includes(theme) || best.some(slug => labels.includes(slug))),
      none: theme === null,
      second: second ? share(labels => labels.includes(second)) : undefined,
    };
  });
}

function verdictRow(name: string, verdicts: readonly Verdict[]): string {
  const share = (of: (verdict: Verdict) => number | boolean) => mean(verdicts.map(v => Number(of(v))));
  const seconds = verdicts.flatMap(({ second }) => second ?? []);
  const range = interval(verdicts, sample => mean(sample.map(({ first }) => first)));
  return row(
    name,
    `${figure(share(v => v.first))} (${between(range)})`,
    ...[share(v => v.either), share(v => v.same), share(v => v.top2)].map(figure),
    count(verdicts.filter(({ none }) => none).length),
    seconds.length,
    seconds.length === 0 ? '' : figure(mean(seconds)),
  );
}

/** How often the first theme of one is acceptable to the other, and how often both have the same first. */
function agreement(papers: readonly Annotated[]): string[] {
  const accepted = papers.map(({ annotators: [a = [], b = []] }) => {
    const [firstOfA = null, firstOfB = null] = [a[0], b[0]];
    return (Number(b.includes(firstOfA)) + Number(a.includes(firstOfB))) / 2;
  });
  const same = papers.map(({ annotators: [a = [], b = []] }) => Number(a[0] === b[0]));
  return [figure(mean(accepted)), '', figure(mean(same)), '', '', '', ''];
}
