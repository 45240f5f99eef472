// The workbench follows templates and configuration as they are saved, and says what is wrong with what was saved.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { templatesOf } from '../../src/desk.ts';
import { openWorkbench, type Workbench } from '../../src/studio/workbench.ts';
import { installation, temporaryFolder } from '../support/installation.ts';
import { ownTemplates } from '../support/templates.ts';

it('shows the last template that was saved, the error of a broken one, and goes on when it is mended', async () => {
  const own = await ownTemplates();
  const app = await installation({ templates: own.folder });
  const bench = await openWorkbench({
    app,
    reopen: () => Promise.reject(new Error('nothing but templates was changed')),
    files: () => [],
    templates: ({ settings }) => templatesOf(settings),
  });
  onTestFinished(bench.close);
  const changed = vi.fn();
  const stop = bench.onChange(changed);
  const [first, version] = [bench.bench(), bench.version()];
  await own.change('digest.mjml', '{{/each}}', '');
  await expect.poll(() => changed.mock.calls.length).toBe(1);
  expect(() => bench.bench()).toThrow(/digest\.mjml/);
  expect(bench.app()).toBe(app);
  await own.mend();
  await expect.poll(() => changed.mock.calls.length).toBe(2);
  expect(bench.bench().desk).not.toBe(first.desk);
  expect(bench.version()).not.toBe(version);
  stop();
  await own.change('digest.mjml', 'Sent by', 'Made by');
  await expect.poll(() => bench.version().endsWith('.3')).toBe(true);
  expect(changed).toHaveBeenCalledTimes(2);
});

it('says that the templates are gone, and goes on when they are back', async () => {
  const own = await ownTemplates();
  const app = await installation({ templates: own.folder });
  const bench = await openWorkbench({
    app,
    reopen: () => Promise.reject(new Error('nothing but templates was changed')),
    files: () => [],
    templates: ({ settings }) => templatesOf(settings),
  });
  onTestFinished(bench.close);
  await rename(own.folder, `${own.folder}-away`);
  await expect.poll(() => isBroken(bench)).toBe(true);
  await rename(`${own.folder}-away`, own.folder);
  await expect.poll(() => isBroken(bench)).toBe(false);
});

it('opens the installation anew when its configuration was saved, and leaves the first one to whom it belongs', async () => {
  const file = join(await temporaryFolder(), 'settings.txt');
  await writeFile(file, 'First');
  const app = await installation({ name: 'First' });
  const bench = await openWorkbench({
    app,
    reopen: () => installation({ name: 'Second' }),
    files: () => [file],
    templates: ({ settings }) => templatesOf(settings),
  });
  onTestFinished(bench.close);
  expect(bench.bench().desk.masthead.name).toBe('First');
  await writeFile(file, 'Second, and longer');
  await expect.poll(() => bench.bench().desk.masthead.name).toBe('Second');
  await bench.close();
  expect(await app.db.selectFrom('edition').select('date').execute()).toEqual([]);
});

it('keeps no more installations open than the one in use and the one before', async () => {
  const file = join(await temporaryFolder(), 'settings.txt');
  await writeFile(file, '');
  const closed: string[] = [];
  let opened = 0;
  const bench = await openWorkbench({
    app: await installation({}),
    async reopen() {
      const name = String(++opened);
      const app = await installation({ name });
      return { ...app, close: () => app.close().then(() => void closed.push(name)) };
    },
    files: () => [file],
    templates: ({ settings }) => templatesOf(settings),
  });
  onTestFinished(bench.close);
  for (const save of [1, 2, 3, 4]) {
    await writeFile(file, 'x'.repeat(save));
    await expect.poll(() => bench.bench().desk.masthead.name).toBe(String(save));
  }
  expect(closed).toEqual(['1', '2']);
});

it('reads a template again that was saved while the configuration was opened', async () => {
  const own = await ownTemplates();
  const file = join(await temporaryFolder(), 'settings.txt');
  await writeFile(file, '');
  const bench = await openWorkbench({
    app: await installation({ templates: own.folder }),
    async reopen() {
      const app = await installation({ templates: own.folder });
      const desk = async () => {
        const opened = await app.desk();
        await own.change('digest.mjml', '{{/each}}', '');
        return opened;
      };
      return { ...app, desk };
    },
    files: () => [file],
    templates: ({ settings }) => templatesOf(settings),
  });
  onTestFinished(bench.close);
  await writeFile(file, 'saved');
  await expect.poll(() => isBroken(bench)).toBe(true);
});

function isBroken(bench: Workbench): boolean {
  try {
    bench.bench();
    return false;
  } catch {
    return true;
  }
}
