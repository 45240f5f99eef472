// The files that operators hand in: everything right in them is taken, everything wrong is named.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../../src/errors.ts';
import { readSubscriberFile } from '../../src/subscribers/import.ts';
import { fileOf, readReaders, refusalOf, SLUGS } from './files.ts';

const EXAMPLE = fileURLToPath(new URL('../../subscribers.example.json', import.meta.url));
const ADA = { address: { address: 'ada@example.org', key: 'ada@example.org' }, name: 'Ada' };

describe('a file of readers is taken', () => {
  it('the example that ships', async () => {
    const { readers, merged } = await readSubscriberFile(EXAMPLE, SLUGS);
    expect(readers).toHaveLength(8);
    expect(merged).toBe(0);
    expect(readers.find(({ name }) => name === 'Dara')?.preferences).toEqual({
      keywords: ['speculative decoding', 'time series', 'speech'],
      atLeast: 2,
      timeZone: 'America/New_York',
    });
    expect(readers.filter(({ status }) => status !== undefined).map(({ name }) => name)).toEqual(['Hana']);
  });

  it.each([
    ['JSON', '[{"email": "ada@example.org", "name": "Ada"}]'],
    ['JSON on many lines', '\n\n[\n  {\n"email": "ada@example.org",\n"name": "Ada"\n}\n]\n'],
    ['JSON with a byte order mark', '\ufeff[{"email": "ada@example.org", "name": "Ada"}]'],
    ['JSON as Windows saves it', '[\r\n{"email": "ada@example.org",\r\n"name": "Ada"}\r\n]\r\n'],
    ['CSV', 'email,name\nada@example.org,Ada\n'],
    ['CSV without a line break at the end', 'email,name\nada@example.org,Ada'],
    ['CSV with a byte order mark', '\ufeffemail,name\nada@example.org,Ada\n'],
    ['CSV as Windows saves it', 'email,name\r\nada@example.org,Ada\r\n'],
    ['CSV with empty lines', '\nemail,name\n\nada@example.org,Ada\n\n\n'],
    ['CSV with spaces', ' email , name \n ada@example.org , Ada \n'],
    ['CSV with quotes', '"email","name"\n"ada@example.org","Ada"\n'],
    ['CSV in another order', 'name,email\nAda,ada@example.org\n'],
    ['CSV in UTF-16', Buffer.from('\ufeffemail,name\nada@example.org,Ada\n', 'utf16le')],
  ])('%s', async (_what, content) => {
    const { readers } = await readReaders(content);
    expect(readers).toEqual([{ ...ADA, status: undefined, initialStatus: 'active', preferences: {} }]);
  });

  it('of which only the address is needed', async () => {
    const [json] = (await readReaders('[{"email": "ada@example.org"}]')).readers;
    const [csv] = (await readReaders('email\nada@example.org\n')).readers;
    expect(json).toEqual(csv);
    expect(json).toMatchObject({ name: null, preferences: {} });
  });

  it('with lists that are separated by semicolons in CSV', async () => {
    const { readers } = await readReaders(
      'email,themes,keywords,authors,mutedWords,length,atLeast,cadence,weekday,hour,timeZone,status\n' +
        'ada@example.org,agents; safety ;,"time series;""LLM, judge""",Ada Lovelace,,full,3,weekly,monday,6,Asia/Tokyo,paused\n',
    );
    expect(readers[0]).toMatchObject({
      status: 'paused',
      preferences: {
        themes: ['agents', 'safety'],
        keywords: ['time series', '"LLM, judge"'],
        authors: ['Ada Lovelace'],
        length: 'full',
        atLeast: 3,
        cadence: 'weekly',
        weekday: 'monday',
        hour: 6,
        timeZone: 'Asia/Tokyo',
      },
    });
  });

  it('with a language tag in any case, kept in its canonical form', async () => {
    const json = await readReaders('[{"email": "ada@example.org", "locale": "PT-br"}]');
    const csv = await readReaders('email,locale\nada@example.org,PT-br\nbo@example.org,\n');
    expect(csv.readers.map(({ preferences }) => preferences)).toEqual([{ locale: 'pt-BR' }, {}]);
    expect(json.readers[0]).toEqual(csv.readers[0]);
  });

  it('with quoted commas, quotes and line breaks in CSV', async () => {
    const { readers } = await readReaders('email,name\nada@example.org,"Lovelace, ""Ada""\nof London"\n');
    expect(readers[0]?.name).toBe('Lovelace, "Ada"\nof London');
  });

  it('with nobody in it', async () => {
    expect((await readReaders('[]')).readers).toEqual([]);
    expect((await readReaders('email,name\n')).readers).toEqual([]);
  });

  it('as people to be asked first, when the operator says so', async () => {
    const path = await fileOf('email,status\nada@example.org,\nbo@example.org,active\n');
    const { readers } = await readSubscriberFile(path, SLUGS, 'pending');
    expect(readers.map(({ status, initialStatus }) => [status, initialStatus])).toEqual([
      [undefined, 'pending'],
      ['active', 'pending'],
    ]);
  });

  it('with one person listed twice, as one reader whose later fields win', async () => {
    const { readers, merged } = await readReaders(
      JSON.stringify([
        { email: 'Ada@Example.org', name: 'Ada', themes: ['agents'], hour: 6 },
        { email: 'bo@example.org' },
        { email: 'ada@EXAMPLE.ORG', hour: 9, length: 'full' },
      ]),
    );
    expect(merged).toBe(1);
    expect(readers.map(({ address }) => address.address)).toEqual(['ada@example.org', 'bo@example.org']);
    expect(readers[0]).toMatchObject({
      name: 'Ada',
      preferences: { themes: ['agents'], hour: 9, length: 'full' },
    });
  });

  it('with an empty CSV cell as "not said", so that it takes nothing away', async () => {
    const { readers } = await readReaders('email,name,hour\nada@example.org,Ada,6\nada@example.org,,\n');
    expect(readers[0]).toMatchObject({ name: 'Ada', preferences: { hour: 6 } });
  });
});

const entry = (fields: object) => JSON.stringify([{ email: 'ada@example.org', ...fields }]);

describe('what is wrong in an entry is named with what is allowed', () => {
  it.each([
    ['an unknown field', entry({ theme: 'agents' }), 'unknown field "theme"; allowed: themes, keywords,'],
    [
      'an unknown theme',
      entry({ themes: ['agents', 'knitting'] }),
      'themes: "knitting" unknown; allowed: reasoning, agents,',
    ],
    ['a cadence', entry({ cadence: 'hourly' }), 'cadence: allowed: daily, weekdays, weekly'],
    ['a weekday', entry({ weekday: 'Fri' }), 'weekday: allowed: monday, tuesday,'],
    ['a length', entry({ length: 'long' }), 'length: allowed: brief, standard, full'],
    [
      'a status',
      entry({ status: 'gone' }),
      'status: allowed: pending, active, paused, unsubscribed, suppressed',
    ],
    ['an hour too late', entry({ hour: 24 }), 'hour: allowed: a whole number from 0 to 23'],
    ['no papers at least', entry({ atLeast: 0 }), 'atLeast: allowed: a whole number from 1 to 50'],
    ['too many papers at least', entry({ atLeast: 51 }), 'atLeast: allowed: a whole number from 1 to 50'],
    ['an hour too early', entry({ hour: -1 }), 'hour: allowed: a whole number from 0 to 23'],
    ['half an hour', entry({ hour: 7.5 }), 'hour: allowed: a whole number from 0 to 23'],
    ['an hour in words', entry({ hour: 'seven' }), 'hour: allowed: a whole number from 0 to 23'],
    ['an hour in CSV', 'email,hour\nada@example.org,7am', 'hour: allowed: a whole number from 0 to 23'],
    [
      'a time zone',
      entry({ timeZone: 'Europe/Atlantis' }),
      'timeZone: "Europe/Atlantis" is not a time zone; allowed: IANA names',
    ],
    [
      'a language tag',
      entry({ locale: 'pt_BR' }),
      'locale: "pt_BR" is not a language tag; allowed: tags such as en, de-CH,',
    ],
    ['an empty keyword', entry({ keywords: ['a', ' '] }), 'keywords.1: '],
    ['a keyword that is a number', entry({ keywords: [3] }), 'keywords.0: '],
    ['keywords that are no list', entry({ keywords: 'speech' }), 'keywords: '],
    ['a missing address', '[{"name": "Ada"}]', 'email: missing; every subscriber needs an address'],
    ['an empty address', '[{"email": ""}]', 'email: "" is not an e-mail address; allowed: name@example.org'],
    ['an empty cell for an address', 'email,name\n,Ada\n', 'email: "" is not an e-mail address'],
    ['an address of another kind', '[{"email": 7}]', 'email: missing'],
    [
      'a bad address',
      '[{"email": "Ada <ada@example.org>"}]',
      'is not an e-mail address; allowed: name@example.org',
    ],
    ['a text instead of an object', '["ada@example.org"]', 'entry: '],
    ['nothing', '[null]', 'entry: '],
    ['a list instead of an object', '[[]]', 'entry: '],
  ])('%s', async (_what, content, problem) => {
    const { said, code, hint } = await refusalOf(content);
    expect(code).toBe('input');
    expect(said).toContain('FILE: 1 problem; nobody was imported');
    expect(said).toContain(problem);
    expect(hint).toContain('only email is required');
  });

  it('every problem of a file is listed, each with its line and its field', async () => {
    const lines = [
      '[',
      '{"email": "ada@example.org"},',
      '{"email": "bo at example.org", "name": "Bo"},',
      '{"email": "chen@example.org", "hour": 99,',
      ' "cadence": "never"},',
      '{"name": "Dara"}',
      ']',
    ];
    const { said } = await refusalOf(lines.join('\n'));
    expect(said.split('\n')).toEqual([
      'FILE: 4 problems; nobody was imported',
      expect.stringMatching(/^line 3: email: "bo at example\.org"/),
      expect.stringMatching(/^line 4: cadence: /),
      expect.stringMatching(/^line 4: hour: /),
      expect.stringMatching(/^line 6: email: missing/),
    ]);
  });

  it('lines of CSV are counted as an editor counts them', async () => {
    const { details } = await refusalOf('email,hour\n\nada@example.org,6\n\nbo@example.org,25\nchen,7\n');
    expect(details.map(detail => /line (\d+): (\w+)/.exec(detail)?.slice(1))).toEqual([
      ['5', 'hour'],
      ['6', 'email'],
    ]);
  });

  it('of very many problems the first fifty are listed, and the rest is counted', async () => {
    const { said, details } = await refusalOf(JSON.stringify(Array(1234).fill({})));
    expect(said).toContain('1234 problems');
    expect(details).toHaveLength(51);
    expect(details.at(-1)).toBe('… and 1184 more');
  });
});

describe('a file that is no list of readers is refused in a sentence', () => {
  it.each([
    ['an empty file', '', 'FILE is empty'],
    ['white space', ' \n\r\n\ufeff ', 'FILE is empty'],
    [
      'JSON cut off in an object',
      '[\n{"email": "ada@example.org"},\n{"email": ',
      'line 3: not valid JSON: the file ends too early',
    ],
    ['JSON cut off between objects', '[\n{"email": "ada@example.org"},', 'line 2: not valid JSON'],
    ['JSON cut off in a text', '[\n{"email":\n"ada@exa', 'line 3: not valid JSON'],
    [
      'JSON with a comma missing',
      '[\n{"email": "ada@example.org"}\n{"email": "bo@example.org"}\n]',
      'line 3: not valid JSON',
    ],
    ['one JSON object', '{"email": "ada@example.org"}', 'a JSON file of subscribers is an array of objects'],
    [
      'an object around the array',
      '{"subscribers": []}',
      'a JSON file of subscribers is an array of objects',
    ],
    [
      'CSV without a header',
      'ada@example.org,Ada\nbo@example.org,Bo\n',
      'the first line "ada@example.org,Ada bo@example.org,Bo " is no CSV header with "email"',
    ],
    ['CSV with another header', 'mail,name\nada@example.org,Ada\n', 'is no CSV header with "email"'],
    [
      'CSV with semicolons between cells',
      'email;name\nada@example.org;Ada\n',
      'is no CSV header with "email"',
    ],
    [
      'CSV with a quote that never ends',
      'email,name\nada@example.org,"Ada\nbo@example.org,Bo\n',
      'not valid CSV: Quote Not Closed',
    ],
    ['CSV with a quote inside a cell', 'email,name\nada@example.org,A"da\n', 'line 2: not valid CSV'],
    [
      'CSV with a cell too many',
      'email,name\nada@example.org,Ada,x\n',
      'line 2: not valid CSV: Invalid Record Length',
    ],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'FILE is not a text file'],
    [
      'Latin-1',
      Buffer.from('email,name\nada@example.org,Adè\n', 'latin1'),
      'FILE is not a text file: it is not UTF-8',
    ],
  ])('%s', async (_what, content, problem) => {
    const error = await refusalOf(content);
    expect(error).toBeInstanceOf(PaperroundError);
    expect(error.code).toBe('input');
    expect(error.said).toContain(problem);
  });

  it('a file that is not there', async () => {
    const path = `${await fileOf('')}-not-there`;
    await expect(readSubscriberFile(path, SLUGS)).rejects.toThrow(`${path} cannot be read: ENOENT`);
  });
});

const HUGE = 'x'.repeat(50 * 1024 * 1024);

describe('a line of 50 MB is refused with a short message', () => {
  it.each([
    ['JSON that is cut off', () => `[{"email": "${HUGE}`],
    ['an address', () => `[{"email": "${HUGE}"}]`],
    ['a time zone', () => entry({ timeZone: HUGE })],
    ['a theme', () => entry({ themes: [HUGE] })],
    ['a field', () => entry({ [HUGE]: 1 })],
    ['CSV', () => `email,name\nada@example.org,${HUGE}\n`],
    ['neither JSON nor CSV', () => HUGE],
    ['a million fields', () => `[{${Array.from({ length: 1_000_000 }, (_, n) => `"field${n}":1`)}}]`],
    ['a million themes', () => entry({ themes: Array(1_000_000).fill(1) })],
  ])('%s', async (_what, content) => {
    const { said, code } = await refusalOf(content());
    expect(code).toBe('input');
    expect(said.length).toBeLessThan(10_000);
    expect(said).not.toMatch(/x{1000}/);
  });
});
