// The addresses an operator gives: where the web pages are, and who sends.
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { readMailbox } from '../src/setting.ts';

describe('PUBLIC_URL', () => {
  it.each([
    ['https://papers.example.org', 'https://papers.example.org'],
    ['https://papers.example.org/', 'https://papers.example.org'],
    ['https://example.org/papers//', 'https://example.org/papers'],
    [' HTTPS://Papers.Example.org ', 'https://papers.example.org'],
    ['https://bücher.example/é', 'https://xn--bcher-kva.example/%C3%A9'],
    ['https://example.org:8443', 'https://example.org:8443'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://localhost:3000/', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('%s is taken', async (given, publicUrl) => {
    expect((await loadConfig(undefined, { PUBLIC_URL: given })).settings.publicUrl).toBe(publicUrl);
  });

  it.each([
    'http://papers.example.org',
    'http://127.0.0.1.example.org',
    'http://localhost@example.org',
    'ftp://papers.example.org',
    'javascript:alert(1)',
    'https://',
    'https://papers.example.org?a=1',
    'https://papers.example.org/#top',
    'https://user:password@papers.example.org',
    `https://papers.example.org/${'x'.repeat(200)}`,
  ])('%s is refused', async given => {
    await expect(loadConfig(undefined, { PUBLIC_URL: given })).rejects.toMatchObject({
      code: 'config',
      details: [expect.stringMatching(/^publicUrl \(set by PUBLIC_URL\): allowed: https:/)],
    });
  });
});

describe('MAIL_FROM', () => {
  it.each([
    ['papers@example.org', null, 'papers@example.org'],
    ['<papers@example.org>', null, 'papers@example.org'],
    ['Daily Papers <papers@example.org>', 'Daily Papers', 'papers@example.org'],
    ['"Papers, daily" <papers@example.org>', 'Papers, daily', 'papers@example.org'],
    ['Zeitung für alle <papers@müller.de>', 'Zeitung für alle', 'papers@xn--mller-kva.de'],
  ])('may be %s', (text, name, address) => {
    expect(readMailbox(text)).toEqual({ name, address });
  });

  it.each([
    '',
    'Daily Papers',
    'a@b.org, c@d.org',
    'A <a@b.org> B',
    'A\r\nBcc: x <a@b.org>',
    'A <a@b.org>\r\nBcc: c@d.org',
  ])('may not be %j', text => {
    expect(readMailbox(text)).toBeUndefined();
  });
});
