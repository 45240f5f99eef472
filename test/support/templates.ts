// An operator's own templates: those that ship, copied to a folder and then changed.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './installation.ts';

const SHIPPED = fileURLToPath(new URL('../../templates', import.meta.url));

/** A copy of the templates that ship; `change` puts words in place of others in one file, `mend` takes all back. */
export async function ownTemplates() {
  const folder = await temporaryFolder();
  await cp(SHIPPED, folder, { recursive: true });
  return {
    folder,
    async change(file: string, from: string, to: string): Promise<void> {
      const source = await readFile(join(folder, file), 'utf8');
      if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
      await writeFile(
        join(folder, file),
        source.replace(from, () => to),
      );
    },
    mend: () => cp(SHIPPED, folder, { recursive: true }),
  };
}
