// Reports in words only, as mail systems of thirty years write them; and texts that are made to keep a reader busy.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/delivery/bounces/kinds.ts';
import { readReport } from '../../../src/delivery/bounces/report.ts';

const FIXTURES = new URL('../../fixtures/bounces/', import.meta.url);
const MARK = 'Ktg4oYVhBPuiS9AEPQ2CspGgtHc';

describe('a report in words', () => {
  it.each([
    ['postfix-old', 'hard'],
    ['exim-multi', 'hard'],
    ['exim-dkim-reject', 'block'],
    ['exim-delay', 'delayed'],
    ['qmail-yahoo', 'hard'],
    ['qmail-timeout', 'soft'],
    ['exchange-5-5', 'hard'],
    ['o365-full', 'soft'],
    ['gmail-html', 'hard'],
    ['gmail-full', 'soft'],
    ['outlook-com', 'hard'],
    ['sendmail', 'hard'],
    ['sendmail-warn', 'delayed'],
    ['german', 'hard'],
    ['gmx', 'hard'],
  ])('of %s says what became of the mail: %s', async (file, meaning) => {
    const report = await readReport(await readFile(new URL(`${file}.eml`, FIXTURES)));
    expect(report?.type).toBe('delivery');
    expect(report?.traces).toEqual([{ mark: MARK, proof: 'return address' }]);
    const said = report?.told.map(({ action, status, diagnostic }) =>
      action === 'failed' ? judge(status, diagnostic).kind : action,
    );
    expect(said).toEqual([meaning]);
  });
});

describe('a text that is made to keep its reader busy', () => {
  const header = 'From: MAILER-DAEMON@mx.example.net\r\nSubject: Undeliverable\r\n';
  it.each([
    ['a line of dashes', '-'.repeat(5_000_000)],
    ['blanks', ' '.repeat(5_000_000)],
    ['empty lines', '\n'.repeat(5_000_000)],
    ['angle brackets', '<'.repeat(5_000_000)],
    ['halves of addresses', 'a@'.repeat(2_000_000)],
    ['marks', `+${MARK}@`.repeat(100_000)],
    ['paragraphs without end', '<p>'.repeat(1_000_000)],
  ])('%s: is read to its limit in any part, and condemns nobody', async (_name, body) => {
    for (const type of ['text/plain', 'text/html', 'message/delivery-status']) {
      const report = await readReport(Buffer.from(`${header}Content-Type: ${type}\r\n\r\n${body}`));
      expect(report?.told ?? []).toEqual([]);
    }
  });
});
