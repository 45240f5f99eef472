// An operator's logo: it travels in the mail, is as large as its file says, and a wrong file is told of at once.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { writeMessage } from '../../src/delivery/write.ts';
import { cut } from '../../src/digests/cut.ts';
import { renderDigest } from '../../src/digests/digest.ts';
import { type Logo, readLogo } from '../../src/digests/logo.ts';
import { partsOf, preflight } from '../../src/digests/preflight.ts';
import { PaperroundError } from '../../src/errors.ts';
import { temporaryFolder } from '../support/installation.ts';
import { gif, jpeg, png } from '../support/pictures.ts';
import { edition, MASTHEAD, paper, shippedTemplates, wants } from './editions.ts';

async function logoOf(bytes: Buffer, name = 'logo'): Promise<Logo> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return readLogo(path);
}

describe('a logo', () => {
  it.each([
    ['PNG', png(120, 40), 'image/png', 120, 40],
    ['JPEG', jpeg(120, 40), 'image/jpeg', 120, 40],
    ['GIF', gif(120, 40), 'image/gif', 120, 40],
    ['of twice the size', png(480, 160), 'image/png', 240, 80],
    ['that is wide', png(960, 100), 'image/png', 240, 25],
    ['that is high', jpeg(300, 600), 'image/jpeg', 40, 80],
    ['that is a line', gif(2000, 1), 'image/gif', 240, 1],
    ['of one pixel', png(1, 1), 'image/png', 1, 1],
  ])('%s is shown in its proportions, in 240 × 80 at most', async (_what, bytes, type, width, height) => {
    expect(await logoOf(bytes)).toMatchObject({ type, width, height, bytes });
  });

  const whole = { png: png(9, 9), jpeg: jpeg(9, 9), gif: gif(9, 9) };
  it.each<[string, Buffer, RegExp]>([
    ['text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /is not a picture of a kind/],
    ['nothing', Buffer.alloc(0), /is not a picture/],
    ['WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), /is not a picture/],
    ['too many bytes', png(9, 9, 50_000), /has 51 kB/],
    ['too many pixels', png(2001, 1), /is 2001 × 1 pixels/],
    ['a size of nothing', gif(0, 9), /cut off or damaged/],
    ['the first bytes of a PNG', whole.png.subarray(0, 12), /cut off or damaged/],
    ['a PNG without its end', whole.png.subarray(0, -1), /cut off or damaged/],
    ['a JPEG without its frame', whole.jpeg.subarray(0, 24), /cut off or damaged/],
    ['a JPEG without its end', whole.jpeg.subarray(0, -2), /cut off or damaged/],
    ['a GIF without its end', whole.gif.subarray(0, -1), /cut off or damaged/],
  ])('that is no such file is refused: %s', async (_what, bytes, said) => {
    const error = await logoOf(bytes).catch(reason => reason);
    expect(error).toBeInstanceOf(PaperroundError);
    expect(error).toMatchObject({
      code: 'config',
      message: expect.stringMatching(said),
      hint: 'allowed: a PNG, JPEG or GIF file of at most 50 kB and 2000 pixels a side',
    });
  });

  it('that is damaged in any way is read or refused, and nothing else happens', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'logo');
    const damaged = fc
      .tuple(fc.constantFrom(...Object.values(whole)), fc.nat(200), fc.uint8Array({ maxLength: 12 }))
      .map(([bytes, at, put]) =>
        Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + put.length)]),
      );
    await fc.assert(
      fc.asyncProperty(damaged, async bytes => {
        await writeFile(path, bytes);
        try {
          expect(readLogo(path).width).toBeLessThanOrEqual(240);
        } catch (error) {
          expect(error).toBeInstanceOf(PaperroundError);
        }
      }),
    );
  });

  it('that is not there, or wrong, is told of when the configuration is read, before anything is done', async () => {
    const folder = await temporaryFolder();
    await expect(loadConfig(undefined, { LOGO: join(folder, 'none.png') })).rejects.toThrow(
      /none\.png cannot be read/,
    );
    await expect(loadConfig(undefined, { LOGO: folder })).rejects.toThrow(/cannot be read/);
    await expect(loadConfig(undefined, { LOGO: 'https://example.org/logo.png' })).rejects.toMatchObject({
      details: [expect.stringMatching(/^logo \(set by LOGO\): allowed: the path of a PNG/)],
    });
  });

  it('is looked for beside the configuration file that names it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'logo.png'), png(9, 9));
    const file = join(folder, 'paperround.config.json');
    await writeFile(file, JSON.stringify({ logo: './logo.png' }));
    expect((await loadConfig(file, {})).settings.logo).toBe(join(folder, 'logo.png'));
  });
});

const day = cut([edition({ agents: [paper({ title: 'Ferry' })] })], wants());

async function written(logo: Logo | null) {
  const masthead = { ...MASTHEAD, logo };
  const templates = await shippedTemplates();
  const sender = {
    name: 'Papers',
    address: 'papers@example.org',
    bounceAddress: null,
    publicUrl: 'https://papers.example.org',
  };
  const desk = { templates, masthead, sender, secret: 'a secret of sixteen' };
  const digest = renderDigest(day, masthead, templates);
  const order = {
    subscriberId: '00000000-0000-4000-8000-000000000000',
    address: 'ada@example.org',
    messageId: '<mark@example.org>',
    date: new Date('2026-08-20T07:00:00Z'),
  };
  return {
    desk,
    digest,
    message: await writeMessage(desk, digest, order),
    again: await writeMessage(desk, digest, order),
  };
}

describe('a mail with a logo', () => {
  it('carries it beside its HTML, as two parsers read it, and the text part stays as it was', async () => {
    const logo = await logoOf(png(480, 160));
    const { message } = await written(logo);
    const other = await simpleParser(message.bytes);
    expect(other.attachments).toMatchObject([
      {
        contentType: 'image/png',
        contentDisposition: 'inline',
        related: true,
        cid: logo.contentId,
        filename: 'logo.png',
      },
    ]);
    expect(other.attachments[0]?.content.equals(logo.bytes)).toBe(true);
    const mail = await PostalMime.parse(message.bytes);
    expect(mail.attachments).toMatchObject([
      { mimeType: 'image/png', disposition: 'inline', related: true, contentId: `<${logo.contentId}>` },
    ]);
    expect(mail.html).toContain(`<img src="${logo.src}" width="240" height="80" alt="Daily Papers">`);
    expect(mail.html?.indexOf('<img')).toBeLessThan(mail.html?.indexOf('<h1') ?? 0);
    expect(mail.html).not.toContain('no pictures');
    expect(mail.text).toBe((await PostalMime.parse((await written(null)).message.bytes)).text);
    expect(message.bytes.toString('latin1')).toMatch(/^Content-Type: multipart\/alternative;/m);
  });

  it('is the same bytes at every attempt, in ASCII, and passes preflight', async () => {
    const { desk, digest, message, again } = await written(await logoOf(png(9, 9)));
    expect(again.bytes.equals(message.bytes)).toBe(true);
    expect(message.bytes.every(byte => byte < 128)).toBe(true);
    const { checks } = preflight(desk)(digest, partsOf(message));
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('and without one has no picture', async () => {
    const { message } = await written(null);
    expect(message.html).not.toContain('<img');
    expect(message.html).toContain('no pictures');
    expect((await simpleParser(message.bytes)).attachments).toEqual([]);
  });

  it('does not carry it where the template does not show it', async () => {
    const logo = await logoOf(png(9, 9));
    const { desk, digest, message } = await written(logo);
    const bare = { ...digest, html: digest.html.replace(/<img[^>]*>/, '') };
    const order = {
      subscriberId: 'x',
      address: 'a@example.org',
      messageId: '<m@example.org>',
      date: new Date(0),
    };
    expect((await simpleParser((await writeMessage(desk, bare, order)).bytes)).attachments).toEqual([]);
    expect(message.html).toContain('<img');
  });
});
