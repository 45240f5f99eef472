// The themes: named subjects with lasting slugs, from the default list or from an operator's own file.
import { z } from 'zod';
import { PaperroundError } from '../errors.ts';
import { elementLines, parseJson, readTextFile } from '../text-file.ts';
import { wordsOf } from '../zod-words.ts';
import defaults from './themes.json' with { type: 'json' };

const Slug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'allowed: lower-case letters, digits and single hyphens');

export const Theme = z.object({
  slug: Slug,
  name: z.string().trim().min(1).max(80),
  description: z.string().trim().max(500).default(''),
  keywords: z.array(z.string().trim().min(1).max(80)).min(1, 'at least one keyword'),
});

/** A named subject. Readers choose themes by `slug`, so a slug outlives every change of its name and keywords. */
export type Theme = z.infer<typeof Theme>;

/** The section of papers that belong to no theme; its slug cannot be used by a theme. */
export const ALSO_TODAY = { slug: 'also-today', name: 'Also today' } as const;

/** The 28 machine-learning themes that ship. */
export function defaultTaxonomy(): Theme[] {
  return z.array(Theme).parse(defaults);
}

/**
 * The themes of a JSON file: an array of `{slug, name, description?, keywords}`.
 * @throws PaperroundError `input` that lists every problem with its line and field
 */
export async function readTaxonomy(path: string): Promise<Theme[]> {
  const text = await readTextFile(path);
  const value = parseJson(text, path);
  if (!Array.isArray(value) || value.length === 0) {
    throw new PaperroundError('input', `${path}: a taxonomy is a JSON array of at least one theme`, {
      hint: 'Each theme: {"slug": "image-gen", "name": "Image generation", "description": "…", "keywords": ["…"]}.',
    });
  }
  const lines = elementLines(text);
  const themes: Theme[] = [];
  const details: string[] = [];
  const seen = new Set<string>([ALSO_TODAY.slug]);
  for (const [index, element] of value.entries()) {
    const where = `${path}, line ${lines[index] ?? 1} (theme ${index + 1})`;
    const parsed = Theme.safeParse(element);
    if (!parsed.success) {
      details.push(
        ...parsed.error.issues.map(i => `${where}: ${i.path.join('.') || 'theme'}: ${wordsOf(i)}`),
      );
      continue;
    }
    const { slug } = parsed.data;
    if (seen.has(slug))
      details.push(`${where}: slug: "${slug}" is used twice or reserved; every theme needs its own`);
    seen.add(slug);
    themes.push(parsed.data);
  }
  if (details.length > 0)
    throw new PaperroundError(
      'input',
      `${path}: ${details.length === 1 ? '1 problem' : `${details.length} problems`}`,
      { details: details.slice(0, 20) },
    );
  return themes;
}
