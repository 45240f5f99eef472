// What is checked of the templates, once for a run, on a made-up day: client support, contrast, expressions, pictures.
import { reasonOf } from '../../errors.ts';
import { excerpt } from '../../text-file.ts';
import type { Cut } from '../cut.ts';
import { type Digest, forReader, type Masthead, renderDigest } from '../digest.ts';
import type { Templates } from '../template.ts';
import { type Check, check, type Found } from './check.ts';
import { CLIENT_DATA } from './client-support.ts';
import { unsupported } from './clients.ts';
import { poorContrast } from './contrast.ts';
import { readPage } from './page.ts';
import { badPictures } from './pictures.ts';
import { specimens } from './specimen.ts';
import { readTree } from './tree.ts';

const READER = {
  address: 'reader@example.org',
  unsubscribeUrl: 'https://reader.invalid/unsubscribe/specimen',
  preferencesUrl: 'https://reader.invalid/preferences/specimen',
};

/** The checks, and what is found by each. */
const CHECKS = {
  template: {
    level: 'warning',
    good: 'renders a day on which everything happens',
    hint: 'Compare the fields that the template names with those of the templates that ship.',
  },
  expressions: {
    level: 'failure',
    good: 'every expression is filled',
    hint: 'Take the backslash or the raw block away that keeps the expression from being filled.',
  },
  contrast: {
    level: 'warning',
    good: 'words can be told from what they stand on, in both schemes',
    hint: 'Make the text darker or what it stands on lighter; in the dark scheme the other way round.',
  },
  clients: {
    level: 'warning',
    good: 'nothing but what mail programs know',
    hint: `Look it up at caniemail.com (this is of ${CLIENT_DATA}); if your readers miss nothing without it, leave it.`,
  },
  pictures: {
    level: 'warning',
    good: 'all come with the mail and say what they show',
    hint: 'Set LOGO and write <img src="{{logo.src}}" width="{{logo.width}}" height="{{logo.height}}" alt="{{name}}">; a picture that only decorates has alt="".',
  },
} as const;

type Name = keyof typeof CHECKS;
type Finds = Partial<Record<Name, Found[]>>;

/**
 * Checks templates by what they make of a made-up day. Some milliseconds.
 *
 * `expressions` is a failure: `{{…}}` that reaches readers says that a template was never filled. The others are
 * warnings: such a mail looks worse than it could, and can be read; a template that fails on the made-up day may be good
 * for today's, which is checked by itself.
 */
export function checkTemplates(templates: Templates, masthead: Masthead): Check[] {
  const finds = specimens().map(({ kind, cut }) => findsIn(kind, cut, templates, masthead));
  return (Object.keys(CHECKS) as Name[]).map(name =>
    check(
      { name, ...CHECKS[name] },
      finds.flatMap(found => found[name] ?? []),
    ),
  );
}

/** What is wrong with one kind of digest. */
function findsIn(kind: string, cut: Cut, templates: Templates, masthead: Masthead): Finds {
  let digest: Digest;
  try {
    digest = renderDigest(cut, masthead, templates);
  } catch (error) {
    return { template: [{ what: reasonOf(error), where: kind }] };
  }
  const { html, text } = forReader(digest, READER);
  const tree = readTree(html);
  return {
    expressions: [...unfilled(readPage(html).words, 'digest.mjml'), ...unfilled(text, 'digest.txt.hbs')],
    contrast: poorContrast(tree),
    clients: unsupported(tree),
    pictures: badPictures(tree, masthead.logo),
  };
}

/** What Handlebars would have filled, or filled with an object, in the words of a part. */
function unfilled(words: string, where: string): Found[] {
  return [...words.matchAll(/\{\{[^{}]{0,60}|\}\}|\[object [A-Z]\w{0,20}\]/g)].map(({ 0: found }) => ({
    what: `${excerpt(found, 60)} reaches the reader`,
    where,
  }));
}
