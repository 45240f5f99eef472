// How sources are named in the configuration: `huggingface`, `arxiv:cs.CL+cs.LG`, `feed:URL`, …, or an object.
import { z } from 'zod';
import { wordsOf } from '../../zod-words.ts';
import { FieldMapping, MAPPINGS } from './field-mapping.ts';
import { withoutSecrets } from './paging.ts';

/** What a source is asked for, and where. `base` is another place that speaks the same API. */
export type SourceSpec =
  | { kind: 'huggingface'; base?: string | undefined }
  | { kind: 'arxiv'; query: string; base?: string | undefined }
  | { kind: 'arxiv-rss'; categories: string; types: AnnounceType[]; base?: string | undefined }
  | {
      kind: 'feed';
      url: string;
      name?: string | undefined;
      mapping?: FieldMapping | undefined;
      headers?: Headers;
    }
  | { kind: 'file'; path: string; name?: string | undefined; mapping?: FieldMapping | undefined };

/** What a feed announces: works that are new to arXiv, new to these categories, or new versions of either. */
const ANNOUNCE_TYPES = ['new', 'cross', 'replace', 'replace-cross'] as const;
export type AnnounceType = (typeof ANNOUNCE_TYPES)[number];
type Headers = Record<string, string> | undefined;

const ALLOWED =
  'huggingface, arxiv:cs.CL+cs.LG (or any query of its API), arxiv-rss:cs.CL+cs.LG, feed:https://…, file:PATH; the ' +
  'first three also with another place, as in huggingface@https://mirror.example/';

const CATEGORIES = /^[a-z-]+(?:\.[a-z-]+)?(?:\+[a-z-]+(?:\.[a-z-]+)?)*$/i;

/** A source by its name; a text that names none is refused with what is allowed. */
const Named = z.string(`allowed: ${ALLOWED}`).transform((text, context): SourceSpec => {
  const spec = readName(text.trim());
  if (!('problem' in spec)) return spec;
  context.addIssue({ code: 'custom', message: `"${text}": ${spec.problem}` });
  return z.NEVER;
});

const name = z.string().trim().min(1).max(200).optional();
/** A field mapping, or the name of a service whose mapping is known. */
const fields = z.preprocess(
  given =>
    typeof given === 'string' && Object.hasOwn(MAPPINGS, given) ? MAPPINGS[given as Service].fields : given,
  FieldMapping.shape.fields,
);
type Service = keyof typeof MAPPINGS;

const described = { name, papers: FieldMapping.shape.papers, fields: fields.optional() };

const Feed = z.strictObject({
  feed: z.string().refine(isAddress, { error: 'allowed: https://… or http://…' }),
  headers: z.record(z.string(), z.string()).optional(),
  ...described,
});
const File = z.strictObject({ file: z.string().min(1), ...described });

const OBJECTS =
  "{ feed: 'https://…', papers: 'results', fields: { title: 'title', … } }, or the same with file: PATH";

/** A source as the configuration names or describes it. */
export const SourceSetting = z
  .custom<string | z.output<typeof Feed> | z.output<typeof File>>()
  .transform((given, context): SourceSpec => {
    const parsed = readSetting(given);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues)
      context.addIssue({
        code: 'custom',
        path: issue.path,
        message: issue.path.length === 0 ? wordsOf(issue, FIELDS) : issue.message,
      });
    return z.NEVER;
  });

const FIELDS = ['feed', 'file', 'name', 'headers', 'papers', 'fields'];

function readSetting(given: unknown): z.ZodSafeParseResult<SourceSpec> {
  if (typeof given === 'string') return Named.safeParse(given);
  if (typeof given === 'object' && given !== null && 'feed' in given)
    return Feed.superRefine(needsFields)
      .transform(
        ({ feed, name, headers, ...how }): SourceSpec => ({
          kind: 'feed',
          url: feed,
          name,
          headers,
          mapping: mappingOf(how),
        }),
      )
      .safeParse(given);
  if (typeof given === 'object' && given !== null && 'file' in given)
    return File.superRefine(needsFields)
      .transform(
        ({ file, name, ...how }): SourceSpec => ({ kind: 'file', path: file, name, mapping: mappingOf(how) }),
      )
      .safeParse(given);
  return z.never(`allowed: ${ALLOWED}; or ${OBJECTS}`).safeParse(given);
}

function needsFields(
  { papers, fields }: { papers?: unknown; fields?: unknown },
  context: z.RefinementCtx,
): void {
  if (papers !== undefined && fields === undefined)
    context.addIssue({ code: 'custom', path: ['papers'], message: 'allowed: only together with "fields"' });
}

function mappingOf({
  papers,
  fields,
}: {
  papers?: string | undefined;
  fields?: FieldMapping['fields'] | undefined;
}): FieldMapping | undefined {
  if (fields === undefined) return undefined;
  return { fields, ...(papers === undefined ? {} : { papers }) };
}

type Problem = { problem: string };

/** Reads `kind`, `kind:rest`, `kind@base`, `kind:rest@base` or, as people try it, `kind:base`. */
function readName(text: string): SourceSpec | Problem {
  const kind = /^[a-z-]+/.exec(text)?.[0] ?? '';
  const rest = text.slice(kind.length);
  if (kind === 'file' && /^:./.test(rest)) return { kind, path: rest.slice(1) };
  if (kind === 'feed')
    return isAddress(rest.slice(1))
      ? { kind, url: rest.slice(1) }
      : { problem: 'allowed: feed:https://… or feed:http://…' };
  const [, what = '', base] = /^(?::(.*?))?(?:@(https?:\/\/.*))?$/s.exec(rest) ?? [];
  if (base !== undefined && !isAddress(base)) return { problem: `"${base}" is not a web address` };
  if (kind === 'huggingface') {
    if (what === '' && (rest === '' || base !== undefined)) return { kind, base };
    return isAddress(what)
      ? { kind, base: what }
      : { problem: 'allowed: huggingface or huggingface@https://…' };
  }
  if (kind === 'arxiv' && what !== '') return { kind, query: what, base };
  if (kind === 'arxiv-rss' && what !== '') return readFeedName(what, base);
  return { problem: `allowed: ${ALLOWED}` };
}

function readFeedName(what: string, base: string | undefined): SourceSpec | Problem {
  const [categories = '', given] = what.split('?types=');
  if (!CATEGORIES.test(categories))
    return { problem: 'allowed: arXiv categories joined by +, as in arxiv-rss:cs.CL+cs.LG' };
  const types =
    given === undefined
      ? ['new', 'cross']
      : given.split('+').flatMap(type => (type === 'all' ? ANNOUNCE_TYPES : type));
  if (types.some(type => !ANNOUNCE_TYPES.includes(type as never)))
    return { problem: `allowed: ?types= followed by ${ANNOUNCE_TYPES.join(', ')} or all, joined by +` };
  return { kind: 'arxiv-rss', categories, types: types as AnnounceType[], base };
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text.replaceAll('{date}', '2026-01-01'));
}

/** The name under which a source is known in the store and in what is printed: not where it is, but what is asked. */
export function sourceName(spec: SourceSpec): string {
  if (spec.kind === 'huggingface') return spec.kind;
  if (spec.kind === 'arxiv') return `arxiv:${spec.query}`;
  if (spec.kind === 'arxiv-rss') return `arxiv-rss:${spec.categories}`;
  return spec.name ?? (spec.kind === 'file' ? `file:${spec.path}` : `feed:${withoutSecrets(spec.url)}`);
}
