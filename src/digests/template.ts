// The digest templates: compiled once per template and kept on disk; Handlebars' code runs once per cut.
import { join } from 'node:path';
import { fromCache, keepInCache } from './template-cache.ts';
import { CompiledParts, compile, hashOf } from './template-compile.ts';
import { type MailName, readTemplateFiles } from './template-files.ts';
import { runnableParts, type View } from './template-run.ts';

export type { View } from './template-run.ts';

/** The two parts of a mail, as functions of a view. All throw PaperroundError `template` when a field is missing. */
export interface Templates {
  html(view: View): string;
  text(view: View): string;
  /**
   * One paper by itself, as the part has it; undefined where a part's template does not print papers by the partial
   * `paper` (text: `paper-text`) alone, or that partial looks at what is around it. A paper's view whose `print` is that
   * text is not rendered again.
   */
  paper: Partial<Record<'html' | 'text', ((paper: View) => string) | undefined>>;
}

/**
 * Opens the templates of a folder: `digest.mjml`, `digest.txt.hbs` and the partials in `partials/*.hbs`.
 * Compiled, they are kept in `cache` under the hash of all they were made from, so that a warm start loads neither mjml
 * nor the compiler of Handlebars. The cache is code: it belongs in a folder that only the operator may write to.
 * @param colours what stands in place of the colours that ship
 * @param mail another mail than the digest: `confirmation.mjml` and `confirmation.txt.hbs`
 * @throws PaperroundError `template` with file, line and reason when one is missing or broken
 */
export async function openTemplates(
  folder: string,
  cache: string,
  colours: ReadonlyMap<string, string> = new Map(),
  mail: MailName = 'digest',
): Promise<Templates> {
  const files = readTemplateFiles(folder, colours, mail);
  const kept = join(cache, `${hashOf(files)}.json`);
  const use = (content: string) => runnableParts(CompiledParts.parse(JSON.parse(content)), files);
  const made = async () => {
    const compiled = await compile(files);
    keepInCache(kept, JSON.stringify(compiled));
    return runnableParts(compiled, files);
  };
  const { html, rtl, text } = fromCache(kept, use) ?? (await made());
  return {
    html: view => ('dir' in view && view.dir === 'rtl' ? rtl : html).render(view),
    text: view => text.render(view),
    paper: { html: html.paper, text: text.paper },
  };
}
