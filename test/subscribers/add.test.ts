// `subscribers add`: one reader by hand, with the language in which they read days and numbers.
import { describe, expect, it } from 'vitest';
import { documentOf, paperround } from '../support/cli.ts';
import { temporaryFolder } from '../support/installation.ts';

const exported = async (env: Record<string, string>) =>
  documentOf<{ email: string; locale: string; themes: string[] }[]>(
    await paperround(['subscribers', 'export'], { env }),
  );
const add = (env: Record<string, string>, ...options: string[]) =>
  paperround(['subscribers', 'add', 'ada@example.org', ...options], { env });

describe('a reader who is added', () => {
  it('has the locale that was given, in its canonical form, until another is given', async () => {
    const env = { DATA_DIR: await temporaryFolder() };
    await add(env, '--locale', 'PT-br', '--themes', 'agents');
    expect(await exported(env)).toMatchObject([{ locale: 'pt-BR', themes: ['agents'] }]);
    await add(env, '--name', 'Ada');
    expect(await exported(env)).toMatchObject([{ name: 'Ada', locale: 'pt-BR', themes: ['agents'] }]);
    await add(env, '--locale', 'he');
    expect(await exported(env)).toMatchObject([{ name: 'Ada', locale: 'he', themes: ['agents'] }]);
  });

  it('is not added with a locale that is none, and it is said what one looks like', async () => {
    const env = { DATA_DIR: await temporaryFolder() };
    const { status, stderr } = await add(env, '--locale', 'pt_BR');
    expect(status).toBe(2);
    expect(stderr).toContain(
      '--locale: "pt_BR" is not a language tag; allowed: tags such as en, de-CH, pt-BR or ar',
    );
    expect(await exported(env)).toEqual([]);
  });
});
