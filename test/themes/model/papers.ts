// Made-up papers about three subjects, for models that are fitted within a test.
import type { PaperText } from '../../../src/themes/model/model.ts';
import { seededRandom } from '../../../src/themes/model/random.ts';
import type { Theme } from '../../../src/themes/taxonomy.ts';

const SUBJECTS = {
  sea: 'whale ocean coral reef tide sonar plankton current harbour shark salt wave',
  sky: 'eagle cloud wind feather nest storm migration altitude wing falcon thermal glide',
  stone: 'granite crystal quarry marble erosion basalt mineral fossil cliff sediment strata ore',
} as const;
const COMMON = 'model data survey region method field season measurement sample analysis'.split(' ');

export type Subject = keyof typeof SUBJECTS;

/** Three themes that only name two words each of their subjects. */
export const THEMES: Theme[] = [
  { slug: 'sea', name: 'The sea', description: 'Life in oceans', keywords: ['whale', 'coral reef'] },
  { slug: 'sky', name: 'The sky', description: 'Flight of birds', keywords: ['eagle', 'storm'] },
  { slug: 'stone', name: 'Stone', description: 'Rocks and ores', keywords: ['granite', 'crystal'] },
];

/** `count` papers of the subjects in turn; the same for the same seed. */
export function madeUpPapers(count: number, seed = 7): (PaperText & { subject: Subject })[] {
  const random = seededRandom(seed);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] as string;
  const subjects = Object.keys(SUBJECTS) as Subject[];
  return Array.from({ length: count }, (_, at) => {
    const subject = subjects[at % subjects.length] as Subject;
    const own = SUBJECTS[subject].split(' ');
    const words = (length: number) =>
      Array.from({ length }, () => pick(random() < 0.6 ? own : COMMON)).join(' ');
    return { subject, title: `${words(4)} ${at}`, abstract: `${words(15)}. ${words(15)}.` };
  });
}
