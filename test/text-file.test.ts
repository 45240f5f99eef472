// What an operator is told about a file that cannot be read, and which files can be.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaperroundError } from '../src/errors.ts';
import { elementLines, excerpt, lineAt, parseJson, readTextFile } from '../src/text-file.ts';
import { temporaryFolder } from './support/installation.ts';

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'papers.txt');
  await writeFile(path, content);
  return path;
}

const utf16be = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

describe('an operator may hand in text as their editor saved it', () => {
  it.each([
    ['UTF-8', Buffer.from('Erdős\n')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffErdős\n')],
    ['UTF-16, little end first', Buffer.from('\ufeffErdős\n', 'utf16le')],
    ['UTF-16, big end first', utf16be('Erdős\n')],
  ])('%s', async (_encoding, bytes) => {
    expect(await readTextFile(await file(bytes))).toBe('Erdős\n');
  });
});

describe('an operator is told what is wrong with a file, in one line that names it', () => {
  it.each([
    ['empty', '', /papers\.txt is empty$/],
    ['nothing but white space', ' \r\n\t\n', /is empty$/],
    ['nothing but a byte order mark', '\ufeff', /is empty$/],
    ['binary', Buffer.from([0x50, 0x4b, 3, 4, 0, 1]), /is not a text file: byte 5 is a NUL$/],
    ['Latin-1', Buffer.from([0x45, 0x72, 0x64, 0xf6, 0x73]), /is not a text file: it is not UTF-8$/],
    ['UTF-16 without a byte order mark', Buffer.from('title', 'utf16le'), /byte 2 is a NUL$/],
  ])('%s', async (_what, content, message) => {
    const path = await file(content);
    const error = await readTextFile(path).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PaperroundError);
    expect(error).toMatchObject({ code: 'input', message: expect.stringMatching(message) });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).not.toContain('\n');
  });

  it('a file that is not there, and a folder', async () => {
    const folder = await temporaryFolder();
    await expect(readTextFile(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('none.json cannot be read: ENOENT'),
    });
    await expect(readTextFile(folder)).rejects.toMatchObject({ code: 'input' });
  });

  it('a 50 MB file of one line is refused at once, with its size, the limit and what to do', async () => {
    const path = await file(Buffer.alloc(50 * 1024 * 1024, 'a'));
    const started = performance.now();
    const error = (await readTextFile(path).catch((e: unknown) => e)) as PaperroundError;
    expect(performance.now() - started).toBeLessThan(500);
    expect(error).toMatchObject({ code: 'input', message: `${path} is too large: 50 MB` });
    expect(error.hint).toBe('At most 20 MB are read at once; split the file.');
  });

  it('a file of exactly the allowed size is read', async () => {
    expect(await readTextFile(await file('a'.repeat(1000)), 1000)).toHaveLength(1000);
    await expect(readTextFile(await file('a'.repeat(1001)), 1000)).rejects.toThrow('too large');
  });
});

function messageOf(text: string, firstLine?: number): string {
  try {
    parseJson(text, 'f.json', firstLine);
  } catch (error) {
    expect(error).toMatchObject({ code: 'input' });
    return (error as Error).message;
  }
  throw new Error('it was valid after all');
}

describe('broken JSON is pointed at by its line', () => {
  it.each([
    ['a word that is no value', '[1,\n2,\nx,\n3]\n', "line 3: not valid JSON: Unexpected token 'x'"],
    ['a missing value', '[{\n"a": },\n1\n]', "line 2: not valid JSON: Unexpected token '}'"],
    ['a comma at the end of a list', '[1,\n2,\n]\n\n', "line 3: not valid JSON: Unexpected token ']'"],
    ['a missing colon', '{\n"a" 1\n}', "line 2: not valid JSON: Expected ':' after property name"],
    ['an odd escape', '["a",\n"\\q"]', 'line 2: not valid JSON: Bad escaped character'],
    [
      'a line break in a string',
      '["a\nb"]',
      'line 1: not valid JSON: Bad control character in string literal',
    ],
    ['a second document', '{}\n{}', 'line 2: not valid JSON: Unexpected non-whitespace character after JSON'],
    [
      'a quote that is not wanted',
      '[\n1 "]',
      "line 2: not valid JSON: Expected ',' or ']' after array element",
    ],
  ])('%s', (_what, text, message) => {
    expect(messageOf(text)).toBe(`f.json, ${message}`);
  });

  it.each([
    ['in a list', '[1,\n2'],
    ['after a comma', '[1,\n2,\n'],
    ['in a string', '["a",\n"b'],
    ['in a literal', '[1,\ntru'],
    ['in an object', '[1,\n{"a":1'],
    ['after a key', '[1,\n{"a"\n\n'],
  ])('a file that was cut off %s is called truncated, at its last line', (_where, text) => {
    expect(messageOf(text)).toBe('f.json, line 2: not valid JSON: the file ends too early; is it truncated?');
  });

  it('a line of a file of many is counted from the start of the file', () => {
    expect(messageOf('{"a":x}', 12)).toMatch(/^f\.json, line 12: /);
  });

  it('a fault in megabytes of one line gives a short message soon', () => {
    const started = performance.now();
    const message = messageOf(`[${'"abc",'.repeat(500_000)}§${',"abc"'.repeat(500_000)}]`);
    expect(message).toBe("f.json, line 1: not valid JSON: Unexpected token '§'");
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('a token that no JSON may hold is found on its line, wherever it stands', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.nat(), (values, at) => {
        const lines = values.map(value => `${JSON.stringify(value)},`);
        lines.splice(at % (lines.length + 1), 0, '§');
        const line = 2 + (at % lines.length);
        expect(messageOf(`[\n${lines.join('\n')}\n0]`)).toMatch(`f.json, line ${line}: `);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the elements of a JSON list know their lines', () => {
  it.each([
    ['one a line', '[\n{"a":1},\n{"b":[1,2]}\n]', [2, 3]],
    ['all in one line', '[1,"],[",[{}],null]', [1, 1, 1, 1]],
    ['with quotes and brackets in strings', '["\\"[,\\\\",\n\n "]"]', [1, 3]],
    ['none', '[ \n ]', []],
  ])('%s', (_what, text, lines) => {
    expect(elementLines(text)).toEqual(lines);
  });

  it('there is one line for each element, whatever the elements are', () => {
    const indent = fc.constantFrom(0, 1, '\t');
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), indent, (values, space) => {
        const text = JSON.stringify(values, null, space);
        const lines = elementLines(text);
        expect(lines).toHaveLength(values.length);
        for (const [index, line] of lines.entries()) {
          const rest = text
            .split('\n')
            .slice(line - 1)
            .join('\n');
          expect(rest).toContain(JSON.stringify(values[index], null, space).split('\n')[0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a character knows its line', () => {
    expect([0, 1, 2, 3, 99].map(offset => lineAt('a\nb\n', offset))).toEqual([1, 1, 2, 2, 3]);
  });
});

describe('a message never carries more of a file than a terminal can bear', () => {
  it('an excerpt is one short line without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const shown = excerpt(text);
        expect(shown.length).toBeLessThanOrEqual(60);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
    expect(excerpt('a'.repeat(10_000_000), 10)).toBe('aaaaaaaaa…');
    expect(excerpt('a\u001b[2Jb\r\nc')).toBe('a [2Jb c');
  });
});
