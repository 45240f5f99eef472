// The door for embeddings: what an operator's own embedder is asked, how its answers are checked, and for how long it may think.
import { PaperroundError, reasonOf } from '../errors.ts';
import { excerpt } from '../text-file.ts';
import type { PaperText } from './model/answer.ts';
import type { Theme } from './taxonomy.ts';

/**
 * Turns texts into vectors that are near each other when the texts are about the same. It is given at most 32 texts at
 * once and answers with one vector a text, in their order: all of one length, of finite numbers. A text's vector must
 * not depend on the texts beside it, or a paper's theme would depend on the day.
 */
export interface Embedder {
  /** What it is called in messages. */
  name: string;
  embed(texts: readonly string[]): Promise<Float32Array[]>;
}

/** Unit vectors; all zero where the embedder said nothing. */
export interface Embeddings {
  /** In the order of the taxonomy. */
  themes: Float32Array[];
  /** By `paperText`. */
  papers: ReadonlyMap<string, Float32Array>;
}

/** So many texts are handed over at once. */
export const BATCH = 32;

/** So many characters of an embedder's own errors are shown. */
export const MOST_WORDS = 200;

/** The most that a vector may hold. */
const MOST_NUMBERS = 10_000;

export const paperText = ({ title, abstract }: PaperText) => `${title}. ${abstract}`;
const themeText = ({ name, description, keywords }: Theme) =>
  `${name}. ${description}. ${keywords.join(', ')}`;

/** Waits for an answer no longer than the time that is left. */
export type Within = <T>(work: () => T | Promise<T>, what: string) => Promise<T>;

/**
 * Gives `use` one span of time for all that it waits for.
 * @throws PaperroundError `config` when the time is over before an answer has come; what comes later is not looked at
 */
export async function withinSeconds<T>(
  seconds: number,
  name: string,
  use: (within: Within) => Promise<T>,
): Promise<T> {
  const over = Promise.withResolvers<never>();
  // Nobody may be waiting at the moment at which the time is over.
  over.promise.catch(() => {});
  let what = '';
  const timer = setTimeout(() => {
    over.reject(
      new PaperroundError('config', `The embedder ${name} did not answer in ${seconds} s (${what})`, {
        hint: 'EMBEDDER_SECONDS says how long it may take for one day, from 1 to 3600.',
      }),
    );
  }, seconds * 1000);
  try {
    return await use((work, step) => {
      what = step;
      return Promise.race([(async () => work())(), over.promise]);
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The vectors of the themes and of a day's papers. Equal texts are asked for once; themes by themselves and papers in
 * the order of their texts, so that the order of a day makes no difference.
 * @throws PaperroundError `config` that names the embedder, the text and what is wrong with its answer
 */
export async function embedDay(
  embedder: Embedder,
  themes: readonly Theme[],
  papers: readonly PaperText[],
  within: Within,
): Promise<Embeddings> {
  const ask = asking(embedder, within);
  const ofThemes = await ask(themes.map(themeText), 'theme');
  const texts = [...new Set(papers.map(paperText))].sort();
  const ofPapers = await ask(texts, 'paper');
  return {
    themes: ofThemes,
    papers: new Map(texts.map((text, at) => [text, ofPapers[at] as Float32Array])),
  };
}

/** Asks for vectors batch by batch. The first vector of all says how long the others must be. */
function asking(embedder: Embedder, within: Within) {
  let length: number | undefined;
  return async (texts: readonly string[], kind: string): Promise<Float32Array[]> => {
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += BATCH) {
      const batch = texts.slice(start, start + BATCH);
      const where = `${kind}s ${start + 1} to ${start + batch.length} of ${texts.length}`;
      const answer = await answered(embedder, batch, within, where);
      for (const [at, vector] of answer.entries()) {
        const wrong = whatIsWrong(vector, length);
        if (wrong !== undefined)
          throw wrongAnswer(embedder, `${wrong}, for the ${kind} "${excerpt(batch[at] ?? '', 60)}"`);
        length = (vector as Float32Array).length;
        vectors.push(unit(vector as Float32Array));
      }
    }
    return vectors;
  };
}

async function answered(
  embedder: Embedder,
  batch: readonly string[],
  within: Within,
  where: string,
): Promise<unknown[]> {
  let answer: unknown;
  try {
    // A copy: what the embedder does to its list is its own affair.
    answer = await within(() => embedder.embed([...batch]), where);
  } catch (error) {
    if (error instanceof PaperroundError) throw error;
    throw new PaperroundError(
      'config',
      `The embedder ${embedder.name} failed: ${excerpt(reasonOf(error), MOST_WORDS)} (${where})`,
      {
        cause: error,
      },
    );
  }
  if (!Array.isArray(answer)) throw wrongAnswer(embedder, `no list of vectors, for ${where}`);
  if (answer.length !== batch.length)
    throw wrongAnswer(embedder, `${answer.length} vectors for ${batch.length} texts, for ${where}`);
  return answer;
}

function whatIsWrong(vector: unknown, length: number | undefined): string | undefined {
  if (!(vector instanceof Float32Array)) return 'something that is no Float32Array';
  if (vector.length === 0 || vector.length > MOST_NUMBERS) return `a vector of ${vector.length} numbers`;
  if (length !== undefined && vector.length !== length)
    return `a vector of ${vector.length} numbers after one of ${length}`;
  const bad = vector.findIndex(x => !Number.isFinite(x));
  return bad < 0 ? undefined : `${vector[bad]} as number ${bad + 1} of a vector`;
}

function wrongAnswer({ name }: Embedder, what: string): PaperroundError {
  return new PaperroundError('config', `The embedder ${name} answered with ${what}`, {
    hint: `Allowed: one Float32Array for each text, all of one length (1 to ${MOST_NUMBERS}), of finite numbers.`,
  });
}

/** The scale is taken out before the squares are summed: they could be too large or too small to tell. */
function unit(vector: Float32Array): Float32Array {
  const scale = vector.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (scale === 0) return vector.slice();
  const length = scale * Math.sqrt(vector.reduce((sum, x) => sum + (x / scale) ** 2, 0));
  return vector.map(x => x / length);
}
