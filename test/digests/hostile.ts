// Papers made to do harm: tags, templates, marks, letters that turn a line around, halves of letters, links that run.
import fc from 'fast-check';
import { cleanText } from '../../src/papers/text.ts';

/** What a source or a curator may say to do harm, or by mistake, after it was read. */
export const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '</mj-text>',
        '{{x}}',
        '{{{x}}}',
        '{{#each}}',
        '{{> paper}}',
        '<script>alert(1)</script>',
        '"',
        "'",
        '`',
        '&',
        '&lt;',
        '<!--',
        '-->',
        ']]>',
        '<![endif]',
        '</p>',
        '<a href=',
        '=',
        '\\',
        '$&',
        'شكرا',
        'עברית',
        '👩‍🔬',
        '漢字',
        '\u202e',
        '\ud800',
        '\udc00x',
        '\ue000address\ue001',
        '\r\n',
        '\0',
        ' ',
      ),
      fc.string({ unit: 'grapheme', maxLength: 10 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map(parts => cleanText(parts.join('')) || 'x');
export const HOSTILE_NAMES = [null, '</h2><script>{{x}}', '"&$&\ufeff'];
const hostileUrl = hostile.map(text => `https://example.org/${text.replace(/[\s<>"\\]/g, '')}`);
export const hostilePaper = fc.record({
  title: hostile,
  abstract: hostile,
  authors: fc.array(hostile, { minLength: 1, maxLength: 5 }),
  url: fc.oneof(hostileUrl, fc.constantFrom('javascript:alert(1)', 'data:text/html,<script>')),
  links: fc.record(
    { pdf: hostileUrl, code: hostileUrl, project: fc.constantFrom('javascript:alert(1)', 'vbscript:x') },
    { requiredKeys: [] },
  ),
  pick: fc.option(fc.record({ by: fc.constantFrom(...HOSTILE_NAMES), note: fc.option(hostile) })),
  note: fc.option(fc.record({ by: fc.option(hostile), text: hostile })),
});
