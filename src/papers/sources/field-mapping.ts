// JSON of any service, by a mapping: which path of its answer is the title, which the abstract, and so on.
import { z } from 'zod';
import { PaperroundError } from '../../errors.ts';
import type { Day } from '../../store/schema.ts';
import { excerpt } from '../../text-file.ts';
import { quoted } from '../../zod-words.ts';
import type { Candidate } from '../announce.ts';
import { asText } from '../paper.ts';
import { isGiven, isPath, own, PATHS_ALLOWED, type Path, readPath, valueAt } from './field-paths.ts';
import { textOfIndex } from './inverted-index.ts';
import { isoDay, journalName, listOf, voteOf, webOrNothing } from './json-papers.ts';
import type { Reading } from './source.ts';

const allowed = { error: `allowed: ${PATHS_ALLOWED}` };
const OnePath = z.string(allowed).refine(isPath, allowed);
const Paths = z.union([OnePath, z.array(OnePath, allowed).min(1, allowed).max(10, allowed)], allowed);
const OneList = { error: 'allowed: the path of a list, such as "results" or "data.items"' };
const More = Paths.optional();

const FIELDS = {
  title: Paths,
  abstract: More,
  authors: More,
  id: More,
  doi: More,
  url: More,
  pdf: More,
  code: More,
  project: More,
  discussion: More,
  date: More,
  upvotes: More,
  comments: More,
  stars: More,
  categories: More,
  journal: More,
  comment: More,
  version: More,
  organization: More,
  submitter: More,
  thumbnail: More,
};

type Field = keyof typeof FIELDS;

const strict = <T extends z.ZodRawShape>(shape: T, example: string) =>
  z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys'
        ? `unknown field ${quoted(keys as string[])}; allowed: ${Object.keys(shape).join(', ')}`
        : `allowed: an object such as ${example}`,
  });

/**
 * Where the papers of a JSON document stand, and where each of their fields does. `papers` is the path of the list;
 * without it, the document itself is the list, or one of its fields with a usual name. A field has one path or several,
 * of which the first that has a value counts.
 */
export const FieldMapping = strict(
  {
    papers: z.string(OneList).refine(isPath, OneList).optional(),
    fields: strict(FIELDS, '{"title": "name", "abstract": "summary"}'),
  },
  '{"papers": "results", "fields": {"title": "name", "abstract": "summary"}}',
);

export type FieldMapping = z.infer<typeof FieldMapping>;

/** https://docs.openalex.org/api-entities/works/work-object and https://api.semanticscholar.org/api-docs/graph */
export const MAPPINGS: Record<'openalex' | 'semantic-scholar', FieldMapping> = {
  openalex: {
    fields: {
      title: ['title', 'display_name'],
      abstract: ['abstract', 'abstract_inverted_index'],
      authors: ['authorships[].author.display_name', 'authorships[].raw_author_name'],
      // All places where the work can be read; an arXiv address or a DOI among them says which work it is.
      id: ['locations[].landing_page_url', 'primary_location.landing_page_url'],
      doi: ['doi', 'ids.doi'],
      url: ['primary_location.landing_page_url', 'doi', 'id'],
      pdf: ['best_oa_location.pdf_url', 'primary_location.pdf_url'],
      date: 'publication_date',
      journal: 'primary_location.source.display_name',
    },
  },
  'semantic-scholar': {
    fields: {
      title: 'title',
      abstract: 'abstract',
      authors: 'authors',
      id: 'externalIds.ArXiv',
      doi: 'externalIds.DOI',
      url: 'url',
      pdf: 'openAccessPdf.url',
      date: 'publicationDate',
      journal: ['journal.name', 'venue'],
    },
  },
};

const USUAL_LISTS = [
  'papers',
  'results',
  'data',
  'recommendedPapers',
  'works',
  'articles',
  'items',
  'entries',
];

/** The mapping of a service whose answer this is, told by its content; undefined when it is none that we know. */
export function recogniseMapping(value: unknown): FieldMapping | undefined {
  const papers = (usualList(value) ?? [value]).slice(0, 20);
  const some = (test: (paper: unknown) => boolean) => papers.some(test);
  const isNumber = (path: string) => typeof valueAt(value, readPath(path)) === 'number';
  if (some(paper => /^https:\/\/openalex\.org\/W\d/.test(asText(own(paper, 'id'))))) return MAPPINGS.openalex;
  if (some(paper => isGiven(own(paper, 'abstract_inverted_index')))) return MAPPINGS.openalex;
  if (some(paper => typeof own(paper, 'paperId') === 'string')) return MAPPINGS['semantic-scholar'];
  if (isNumber('meta.db_response_time_ms') && own(value, 'results') !== undefined) return MAPPINGS.openalex;
  return isNumber('total') && isNumber('offset') ? MAPPINGS['semantic-scholar'] : undefined;
}

/**
 * Refuses an answer that names papers but holds none.
 * @throws PaperroundError `input` for an answer of PubMed's esearch, which is a list of ids
 */
export function refuseIdsAlone(value: unknown, where: string): void {
  const ids = valueAt(value, readPath('esearchresult.idlist'));
  if (!Array.isArray(ids)) return;
  throw new PaperroundError(
    'input',
    `${where}: an answer of PubMed's esearch: ${ids.length} ids and no papers`,
    {
      hint: 'Ask PubMed for the papers of these ids (efetch), and hand in that answer.',
    },
  );
}

/**
 * The papers of a JSON answer, by a mapping. A complaint instead of papers is a `refusal`, with its words.
 * @param where what the answer is called in messages
 * @throws PaperroundError `input` when the mapping's paths of the list or the titles lead nowhere in this answer
 */
export function mapPapers(value: unknown, mapping: FieldMapping, where: string): Reading {
  const known = Object.entries(MAPPINGS).find(([, own]) => own === mapping)?.[0];
  const format = known === undefined ? 'JSON by its mapping' : `JSON of ${known}`;
  const reading: Reading = { format, day: null, candidates: [], dropped: [] };
  const paths = pathsOf(mapping);
  const found = listOfPapers(value, mapping, paths, where);
  if (!Array.isArray(found)) return { ...reading, refusal: found.refusal };
  checkTitles(found, paths, where);
  for (const [index, paper] of found.entries()) {
    const place = `${where}, paper ${index + 1}`;
    if (isObject(paper)) reading.candidates.push(candidateOf(paper, paths, place));
    else reading.dropped.push({ reason: 'unreadable', where: place, detail: 'not an object with fields' });
  }
  const total = [own(value, 'total'), own(own(value, 'meta'), 'count')].find(Number.isSafeInteger) as number;
  return total >= found.length ? { ...reading, total } : reading;
}

type PathsOf = Partial<Record<Field, Path[]>>;

function pathsOf({ fields }: FieldMapping): PathsOf {
  const given = Object.entries(fields).filter(([, paths]) => paths !== undefined);
  return Object.fromEntries(
    given.map(([field, paths]) => [field, [paths].flat().map(p => readPath(p as string))]),
  );
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function usualList(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return USUAL_LISTS.map(name => own(value, name)).find(Array.isArray);
}

function listOfPapers(
  value: unknown,
  mapping: FieldMapping,
  paths: PathsOf,
  where: string,
): unknown[] | { refusal: string } {
  const path = mapping.papers === undefined ? undefined : readPath(mapping.papers);
  const found = path === undefined ? usualList(value) : valueAt(value, path);
  if (Array.isArray(found)) return found;
  const single = path === undefined ? value : found;
  if (paths.title?.some(title => isGiven(valueAt(single, title)))) return [single];
  refuseIdsAlone(value, where);
  const words = complaintOf(value);
  if (words !== undefined) return { refusal: words };
  if (own(value, 'total') === 0) return [];
  const what = mapping.papers === undefined ? 'list of papers' : `list at "${excerpt(mapping.papers)}"`;
  throw new PaperroundError('input', `${where}: the answer has no ${what}; it has: ${namesIn(value)}`, {
    hint: 'Say where the list stands, with "papers" in the mapping: a path such as "results" or "data.items".',
  });
}

/** How services say that something went wrong. */
function complaintOf(value: unknown): string | undefined {
  const error = own(value, 'error');
  const words = [own(error, 'message'), error, own(value, 'message'), own(value, 'detail')];
  const said = words.find(one => typeof one === 'string' && isGiven(one));
  return said === undefined ? undefined : excerpt(said as string, 200);
}

/** A path that leads nowhere in every paper is a mistake in the mapping, not in the papers. */
function checkTitles(papers: unknown[], { title = [] }: PathsOf, where: string): void {
  const objects = papers.filter(isObject);
  const [first] = objects;
  if (first === undefined || objects.some(paper => title.some(path => valueAt(paper, path) !== undefined)))
    return;
  const names = excerpt(title.map(path => `"${path.text}"`).join(' or '));
  throw new PaperroundError(
    'input',
    `${where}: no paper has ${names}; the first one has: ${namesIn(first)}`,
    {
      hint: `Say where the title stands, with "fields.title" in the mapping: ${PATHS_ALLOWED}.`,
    },
  );
}

function namesIn(value: unknown): string {
  if (!isObject(value)) return Array.isArray(value) ? `a list of ${value.length}` : 'no fields';
  return excerpt(Object.keys(value).slice(0, 50).join(', '), 100) || 'no fields';
}

function candidateOf(paper: object, paths: PathsOf, where: string): Candidate {
  const value = (field: Field) => (paths[field] ?? []).map(path => valueAt(paper, path)).find(isGiven);
  const one = (field: Field) => [value(field)].flat()[0];
  const web = (field: Field) => webOrNothing(one(field));
  const [abstract, day] = [one('abstract'), dayOf(value('date'))];
  return {
    where,
    title: one('title'),
    abstract: isObject(abstract) ? textOfIndex(abstract) : abstract,
    authors: namesOf(value('authors')),
    id: one('id'),
    otherIds: [one('doi'), ...[value('id')].flat()],
    url: web('url'),
    links: { pdf: web('pdf'), code: web('code'), project: web('project'), discussion: web('discussion') },
    facts: {
      version: one('version'),
      categories: listOf(value('categories')),
      comment: one('comment'),
      journal: journalName(one('journal')),
      organization: one('organization'),
      submitter: one('submitter'),
      thumbnail: one('thumbnail'),
    },
    format: 'json',
    listedOn: day,
    announcedOn: day,
    vote: voteOf(one('upvotes'), one('comments'), one('stars')),
  };
}

/** A date as text, or as Crossref writes it: [2026, 8, 20]. */
function dayOf(value: unknown): Day | null {
  if (!Array.isArray(value) || value.length !== 3) return isoDay([value].flat()[0]);
  return isoDay(value.map(part => asText(part).padStart(2, '0')).join('-'));
}

/** One string of names, or a list of names or of objects: `name`, `display_name`, or `given` and `family`. */
function namesOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map(author => {
    if (!isObject(author)) return author;
    const whole = own(author, 'name') ?? own(author, 'display_name');
    return whole ?? [own(author, 'given'), own(author, 'family')].map(asText).join(' ');
  });
}
