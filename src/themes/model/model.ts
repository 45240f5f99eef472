// The theme model: which theme a paper belongs to, by its title and abstract alone; fitted, stored, or as it ships.
import { readFileSync } from 'node:fs';
import type { Theme } from '../taxonomy.ts';
import type { LabelledText, PaperText, TextModel } from './answer.ts';
import { openStored } from './classify.ts';
import { fitStored } from './fit.ts';
import { pack, unpack } from './pack.ts';

export type { LabelledText, PaperText, TextModel } from './answer.ts';

/** A packed model that stands in while an archive is too small to teach more; null: none. */
type Prior = Uint8Array | null;

export interface FitOptions {
  seed?: number;
  /** The shipped one unless said otherwise. */
  prior?: Prior;
  /** Papers whose theme a person has said: they teach it whatever the keywords say. */
  labelled?: readonly LabelledText[];
}

/**
 * Learns from an archive of papers without labels (3,000 are plenty, at most 20,000 are used).
 * The order of the papers makes no difference; the same papers, themes and seed give the same bytes.
 */
export function fitModel(
  themes: readonly Theme[],
  archive: readonly PaperText[],
  { seed = 1, prior = shippedPrior(), labelled = [] }: FitOptions = {},
): TextModel & { pack(): Uint8Array } {
  const stored = fitStored(themes, archive, labelled, seed, prior === null ? null : unpack(prior));
  return { ...openStored(themes, stored), pack: () => pack(stored) };
}

/**
 * The model that `pack` wrote. Of other themes than it was fitted for it still knows the language.
 * @param corrections papers whose theme a person has said: papers like them move towards their themes
 * @throws PaperroundError `storage` when the bytes are damaged or of another version
 */
export function openModel(
  themes: readonly Theme[],
  packed: Uint8Array,
  corrections: readonly LabelledText[] = [],
): TextModel {
  return openStored(themes, unpack(packed), corrections);
}

/** The model that ships (see prior/README.md), read at the first question. It needs no archive. */
export function priorModel(themes: readonly Theme[], corrections: readonly LabelledText[] = []): TextModel {
  let opened: TextModel | undefined;
  const model = () => {
    opened ??= openModel(themes, shippedPrior(), corrections);
    return opened;
  };
  return {
    classify: paper => model().classify(paper),
    vector: paper => model().vector(paper),
    terms: paper => model().terms(paper),
  };
}

// Found from src/ and from dist/ alike.
const SHIPPED = new URL('../../../src/themes/prior/model.bin', import.meta.url);

function shippedPrior(): Uint8Array {
  return readFileSync(SHIPPED);
}
