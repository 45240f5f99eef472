// However a source strings its authors together, each of them gets a name of their own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitNames } from '../../src/papers/names.ts';

describe('every author is named once, in reading order', () => {
  it.each([
    ['commas', 'Ana, Ben,Cyd', ['Ana', 'Ben', 'Cyd']],
    ['two names', 'Ana, Ben', ['Ana', 'Ben']],
    ['commas and an "and"', 'Ana, Ben, and Cyd and Dora', ['Ana', 'Ben', 'Cyd', 'Dora']],
    ['an ampersand', 'Ana Bo & Ben Co', ['Ana Bo', 'Ben Co']],
    ['one name', 'Alexander Anderson', ['Alexander Anderson']],
    ['nothing', ' ,; ', []],
    ['semicolons', 'Ana Ó; Ben Bee;', ['Ana Ó', 'Ben Bee']],
    ['semicolons, family first', 'Ó, Ana; van der Bee, Ben', ['Ana Ó', 'Ben van der Bee']],
    ['semicolons between groups', 'A. One, B. Two; C. Three', ['A. One', 'B. Two', 'C. Three']],
    [
      'semicolons that end entities',
      'Andr&eacute; Roe, J&#246;rg Doe',
      ['Andr&eacute; Roe', 'J&#246;rg Doe'],
    ],
    ['BibTeX', 'Smith, John and\n  Doe, Jane', ['John Smith', 'Jane Doe']],
    ['BibTeX with a suffix', 'Smith, Jr., John and Doe, Jane', ['John Smith, Jr.', 'Jane Doe']],
    ['BibTeX and others', 'Smith, John and others', ['John Smith']],
    [
      'BibTeX with a group',
      'Smith, John and {Barnes and Noble, Inc.}',
      ['John Smith', '{Barnes and Noble, Inc.}'],
    ],
    ['family name and initials', 'Smith J, Doe AB', ['Smith J', 'Doe AB']],
    ['initials after each comma', 'Smith, J., Doe, A. B., Ng, J.-P.', ['J. Smith', 'A. B. Doe', 'J.-P. Ng']],
    ['one name with initials', ' Smith, J. ', ['J. Smith']],
    [
      'a suffix',
      'John Smith, Jr., Jane Doe, III and Ana Roe',
      ['John Smith, Jr.', 'Jane Doe, III', 'Ana Roe'],
    ],
    ['a suffix alone', 'John Smith, Jr.', ['John Smith, Jr.']],
    ['et al.', 'A. One, B. Two, et al.', ['A. One', 'B. Two']],
    ['et al. without a comma', 'A. One et al.', ['A. One']],
  ])('%s', (_how, text, names) => {
    expect(splitNames(text)).toEqual(names);
  });
});

describe('what stands in parentheses is no author', () => {
  it.each([
    ['an affiliation', 'Ana Ó (Univ. of X, Y), Ben Bee', ['Ana Ó', 'Ben Bee']],
    ['numbered affiliations', 'A. One (1), B. Two (2 and 3) ((1) Univ. X, Y, (2) Z)', ['A. One', 'B. Two']],
    ['a collaboration', 'A. One, B. Two (for the X Collaboration)', ['A. One', 'B. Two']],
    ['one that is never closed', 'A. One (Univ. X, B. Two', ['A. One', 'B. Two']],
    ['one that is never opened', 'A. One 1), B. Two', ['B. Two']],
  ])('%s', (_how, text, names) => {
    expect(splitNames(text)).toEqual(expect.arrayContaining(names));
    expect(splitNames(text).join()).not.toMatch(/Univ|Collab|[()]/);
  });
});

describe('a collaboration is an author', () => {
  it.each([
    ['ATLAS Collaboration: G. Aad, B. Abbott', ['ATLAS Collaboration', 'G. Aad', 'B. Abbott']],
    ['The CMS Collaboration', ['The CMS Collaboration']],
    ['A. One, on behalf of the CMS Collaboration', ['A. One', 'CMS Collaboration']],
  ])('%s', (text, names) => {
    expect(splitNames(text)).toEqual(names);
  });
});

describe('TeX is left to those who read TeX', () => {
  it.each([
    ['Andr\\\'e Lima, G{\\"o}del', ["Andr\\'e Lima", 'G{\\"o}del']],
    ['{\\c{C}elik, \\d{z}}, Ana', ['{\\c{C}elik, \\d{z}}', 'Ana']],
    ['J.\\,Smith, Ana', ['J.\\,Smith', 'Ana']],
    ['{\\"O}zil, Ali and Doe, Jane', ['Ali {\\"O}zil', 'Jane Doe']],
    ['An{a, Ben', ['An{a', 'Ben']],
    ['An\\{a, Ben', ['An\\{a', 'Ben']],
  ])('%s', (text, names) => {
    expect(splitNames(text)).toEqual(names);
  });
});

describe('whatever text there is', () => {
  const piece = fc.constantFrom(
    'Ana',
    'Doe',
    ' and ',
    ', ',
    ';',
    '(',
    ')',
    '{',
    '}',
    '\\',
    'Jr.',
    ' J. ',
    ':',
    'team',
    '&#1;',
    '\n',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 40 }).map(list => list.join('')),
  );

  it('becomes names without spaces around them, and none is empty', () => {
    fc.assert(
      fc.property(text, given => {
        for (const name of splitNames(given)) {
          expect(name).not.toBe('');
          expect(name).toBe(name.trim());
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '(',
    ')',
    '{',
    '(a, ',
    'Ana,',
    'team:',
    ' and ',
    '; ',
    '&a;',
    'A. B, ',
    ' ',
    'Jr.,',
    '\\',
    '{a},',
  ])('a megabyte of %j is read to its end', part => {
    expect(splitNames(part.repeat(1_000_000 / part.length)).length).toBeLessThanOrEqual(1_000_000);
  });
});
