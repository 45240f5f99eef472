// Digests by themselves: what one costs in time and in bytes, what 10,000 different ones cost, and what others pay for a
// mail. For docs/performance.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import handlebars from 'handlebars';
import mjml from 'mjml';
import { cut, cutKey } from '../src/digests/cut.ts';
import { renderDigest } from '../src/digests/digest.ts';
import { HELPERS, HTML_HELPERS } from '../src/digests/helpers.ts';
import { openTemplates, type Templates, type View } from '../src/digests/template.ts';
import { Edition } from '../src/editions/edition.ts';
import { readPapers } from '../src/papers/sources/formats.ts';
import { Preferences } from '../src/subscribers/preferences.ts';
import { median } from './command.ts';

const SHIPPED = fileURLToPath(new URL('../templates', import.meta.url));
const MASTHEAD = {
  name: 'Daily Papers',
  postalAddress: '12 Harbour Street, Aarhus',
  webUrl: 'https://papers.example.org',
};
const DAY = '2026-08-20';

const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
const wants = (given: object) => Preferences.parse(given);
const line = (what: string, figure: string) => console.log(`${what.padEnd(66)} ${figure.padStart(12)}`);
const milliseconds = (n: number) => `${n.toFixed(n < 10 ? 2 : 1)} ms`;

/** CPU milliseconds of the whole process, garbage collector and compiler included. */
async function cpu(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The median CPU of doing something for each of some things, after doing it for the first `warm` of them unmeasured. */
async function each<T>(things: readonly T[], warm: number, work: (thing: T) => unknown): Promise<number> {
  for (const thing of things.slice(0, warm)) await work(thing);
  const took: number[] = [];
  for (const thing of things.slice(warm)) took.push(await cpu(() => work(thing)));
  return median(took);
}

/** The papers of a sample, placed in turn into `themes` themes. */
function dayOf(samples: readonly string[], themes: number, most = Number.POSITIVE_INFINITY): Edition {
  const papers = samples.flatMap(name => {
    const path = fileURLToPath(new URL(`../samples/${name}`, import.meta.url));
    return readPapers(readFileSync(path, 'utf8'), path, { today: DAY }).announcements;
  });
  const placed = papers.slice(0, most).map(({ paper, vote }, index) => ({
    ...paper,
    source: 'sample',
    rank: index + 1,
    vote: vote === null ? null : { ...vote, stars: vote.stars ?? null },
  }));
  const sections = Array.from({ length: themes }, (_, n) => ({
    slug: `theme-${n}`,
    name: `Subject number ${n}`,
    papers: placed.filter((_, index) => index % themes === n),
  }));
  return Edition.parse({ date: DAY, themes: sections.filter(({ papers }) => papers.length > 0) });
}

const HUGGING_FACE = 'huggingface-2026-06-12.json';
const PAGE = 'daily-papers-page.txt';

async function speed(): Promise<void> {
  line('time, each (median of CPU)', '');
  let opened = 0;
  const open = () => openTemplates(SHIPPED, join(folder, `${opened++}`));
  line('compile the templates, the first time in a process (MJML is loaded)', milliseconds(await cpu(open)));
  line(
    'compile the templates, again: both directions and the text part',
    milliseconds(await each(Array(24).fill(0), 5, open)),
  );
  const kept = () => openTemplates(SHIPPED, join(folder, '0'));
  line('open compiled templates', milliseconds(await each(Array(60).fill(0), 10, kept)));
  const templates = await kept();
  const edition = dayOf([HUGGING_FACE], 6);
  const render = (preferences: Preferences) => renderDigest(cut([edition], preferences), MASTHEAD, templates);
  line('30 papers, the first digest of a process', milliseconds(await cpu(() => render(wants({})))));
  // Other readers' cuts of the same papers: with a word that nobody writes, each is a cut of its own.
  const readers = Array.from({ length: 3_000 }, (_, n) => wants({ mutedWords: [`zyzzyva-${n}`] }));
  const cuts = readers.map(one => cut([edition], one));
  const rendered = await each(cuts, 1_000, one => renderDigest(one, MASTHEAD, templates));
  line('30 papers, another reader’s cut of them', milliseconds(rendered));
  const found = readers
    .slice(0, 600)
    .map(({ mutedWords }) => cut([edition], wants({ mutedWords, keywords: ['model'] })));
  const marked = found[0]?.themes.reduce((sum, { papers }) => sum + papers.length, 0);
  line(
    `${marked} papers that a keyword found, with its marks`,
    milliseconds(await each(found, 300, one => renderDigest(one, MASTHEAD, templates))),
  );
  await othersWay(edition, templates);
}

/** The same mail as it costs where templates are compiled for each. */
async function othersWay(edition: Edition, templates: Templates): Promise<void> {
  const views: Record<'html' | 'text', View[]> = { html: [], text: [] };
  const seen = {
    html: (view: View) => String(views.html.push(view)),
    text: (view: View) => String(views.text.push(view)),
  };
  renderDigest(cut([edition], wants({})), MASTHEAD, { ...seen, paper: {} });
  const source = (name: string) => readFileSync(join(SHIPPED, name), 'utf8');
  const engine = (helpers: Record<string, handlebars.HelperDelegate>) => {
    const made = handlebars.create();
    made.registerHelper(helpers);
    for (const file of readdirSync(join(SHIPPED, 'partials')))
      made.registerPartial(file.replace('.hbs', ''), source(`partials/${file}`));
    return made;
  };
  const view = views.html[0];
  const filled = () => engine(HTML_HELPERS).compile(source('digest.mjml'))(view);
  const options = { fonts: {} };
  const perMail = await each(Array(40).fill(0), 15, () => mjml(filled(), options));
  line('the same 30 papers where MJML is compiled per mail', milliseconds(perMail));
  const compiled = (await mjml(source('digest.mjml'), options)).html;
  const handlebarsPerMail = await each(Array(60).fill(0), 20, () => {
    engine(HTML_HELPERS).compile(compiled)(view);
    engine(HELPERS).compile(source('digest.txt.hbs'), { noEscape: true })(views.text[0]);
  });
  line('… where only Handlebars is compiled per mail', milliseconds(handlebarsPerMail));
  const printing = await each(Array(600).fill(0), 300, () => templates.html(view as View));
  line('… where it is compiled once, and each paper printed again', milliseconds(printing));
}

async function sizes(): Promise<void> {
  const templates = await openTemplates(SHIPPED, join(folder, '0'));
  const bytesOf = (edition: Edition) =>
    Buffer.byteLength(renderDigest(cut([edition], wants({})), MASTHEAD, templates).html);
  const empty = dayOf([], 0);
  line('\nbytes of HTML', '');
  line('a digest without papers', `${bytesOf(empty)}`);
  const named = {
    ...empty,
    themes: [{ slug: 'x', name: '', papers: dayOf([PAGE], 1, 1).themes[0]?.papers ?? [] }],
  };
  const [paper] = renderDigest(cut([named], wants({})), MASTHEAD, templates).papers;
  // Two and three: a list of themes stands above the papers where there is more than one.
  const of = (...slugs: string[]) =>
    bytesOf({ ...named, themes: slugs.map(slug => ({ ...named.themes[0], slug, name: '' })) } as Edition);
  const theme = of('x', 'y', 'z') - of('x', 'y') - (paper?.bytes ?? 0);
  line('a theme, without its name (that is written twice)', `${theme}`);
  for (const name of [HUGGING_FACE, PAGE]) {
    const { papers, html } = renderDigest(cut([dayOf([name], 6)], wants({})), MASTHEAD, templates);
    const entries = html.match(/<h3>.*?(?=<h3>|<h2|<\/div>\s*<\/td>)/gs) ?? [];
    const all = papers.reduce((sum, { bytes }) => sum + bytes, 0);
    const written = entries.map(entry => Buffer.byteLength(entry.replace(/<[^>]*>/g, '')));
    const links = entries.map(entry =>
      Buffer.byteLength([...entry.matchAll(/href="([^"]*)"/g)].map(([, url]) => url).join('')),
    );
    const mean = (bytes: number) => (bytes / papers.length).toFixed(0);
    const [words, urls] = [written, links].map(list => list.reduce((sum, n) => sum + n, 0)) as [
      number,
      number,
    ];
    line(`a paper of ${name} (${papers.length}), in summary form`, mean(all));
    line(
      '  of that its words / its addresses / markup',
      `${mean(words)} / ${mean(urls)} / ${mean(all - words - urls)}`,
    );
  }
}

/** 10,000 readers no two of whom want the same: one to three themes of ten, two keywords, perhaps an author, a length. */
function readersOf(authors: readonly string[]): Preferences[] {
  const pairs = WORDS.flatMap((one, x) => WORDS.slice(x + 1).map(other => [one, other]));
  const at = <T>(list: readonly T[], index: number) => list[index % list.length] as T;
  return Array.from({ length: 10_000 }, (_, n) => {
    const round = Math.floor(n / pairs.length);
    const themes = [n + round, n * 3 + 1, n * 7 + 2].slice(0, 1 + (n % 3));
    return wants({
      themes: themes.map(theme => `theme-${theme % 10}`),
      keywords: at(pairs, n),
      authors: n % 3 === 0 ? [at(authors, n)] : [],
      mutedWords: n % 5 === 0 ? [at(WORDS, n >> 4)] : [],
      length: at(['standard', 'brief', 'full'] as const, round),
    });
  });
}

/** Common words and rare ones, and phrases. */
const WORDS = (
  'agent,attention,benchmark,code generation,diffusion,embodied,ferry,forecasting,graph,hallucination,image generation,' +
  'key-value cache,language model,latent,LLM,long context,LoRA,Mamba,medical,memory,mixture of experts,moderation,' +
  'multi-agent,multimodal,navigation,next-token prediction,OCR,parallel decoding,planning,policy,privacy,protein,' +
  'quantization,RAG,ranking,reasoning,reinforcement learning,retrieval,reward model,RLHF,robot,safety,sampling,scaling law,' +
  'search,segmentation,self-supervised,sparse attention,speculative decoding,speech,state space,summarization,survey,' +
  'text-to-image,time series,tokenizer,tool use,transformer,translation,verification,video,vision-language,world model'
).split(',');

/**
 * Runs in a process of its own: the time where the garbage collector works when it likes to, the memory where it can be
 * called for.
 */
async function many(): Promise<void> {
  const templates = await openTemplates(SHIPPED, join(folder, '0'));
  const edition = dayOf([HUGGING_FACE, PAGE], 10, 100);
  const authors = edition.themes.flatMap(({ papers }) => papers.flatMap(paper => paper.authors));
  const readers = readersOf(authors);
  if (new Set(readers.map(cutKey)).size !== readers.length) throw new Error('two readers want the same');
  const heap: number[] = [];
  let [papers, cutting, rendering] = [0, 0, 0];
  for (let from = 0; from < readers.length; from += 50) {
    const cuts: ReturnType<typeof cut>[] = [];
    cutting += await cpu(() => cuts.push(...readers.slice(from, from + 50).map(one => cut([edition], one))));
    rendering += await cpu(() => {
      for (const one of cuts) papers += renderDigest(one, MASTHEAD, templates).papers.length;
    });
    if (globalThis.gc === undefined || (from + 50) % 1_000 !== 0) continue;
    globalThis.gc();
    heap.push(process.memoryUsage().heapUsed / 1024);
  }
  if (globalThis.gc === undefined) {
    const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
    line(
      `\n10,000 different cuts of one day of 100 papers (${Math.round(papers / readers.length)} each)`,
      '',
    );
    line('CPU, all threads', seconds(cutting + rendering));
    line('  of that choosing papers / rendering', `${seconds(cutting)} / ${seconds(rendering)}`);
    line('peak of the process', `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
  } else {
    const after = [0, 4, 9].map(n => ((heap[n] ?? 0) / 1024).toFixed(1));
    line('heap after 1,000 / 5,000 / 10,000', `${after.join(' / ')} MB`);
    line(
      '  growth with each of the last five thousand (least squares)',
      `${slope(heap.slice(5)).toFixed(0)} kB`,
    );
  }
}

function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, n) => sum + n, 0) / values.length;
  const over = values.reduce((sum, n, x) => sum + (x - middle) * (n - mean), 0);
  return over / values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0);
}

if (process.argv[2] === 'many') await many();
else {
  await speed();
  await sizes();
  const own = fileURLToPath(import.meta.url);
  for (const flags of [[], ['--expose-gc']]) {
    const { status } = spawnSync(process.execPath, [...flags, own, 'many'], { stdio: 'inherit' });
    process.exitCode ||= status ?? 1;
  }
}
rmSync(folder, { recursive: true });
