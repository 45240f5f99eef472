// A real browser from the registry: Chromium by playwright-core, started with our own short list of arguments.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import chromium, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium as launcher } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Launches Chromium, headless and on its own. The package's default arguments switch web security off; ours do not.
 * A machine without the NSS libraries gets the copy that the package brings.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  try {
    return await launcher.launch({ executablePath, args: ARGUMENTS });
  } catch (error) {
    if (!/shared librar/.test(String(error))) throw error;
    const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const libraries = await inflate(join(main, '../../bin/al2023.tar.br'));
    // Also for browsers that are started by what a test tries.
    process.env.LD_LIBRARY_PATH = join(libraries, 'lib');
    return launcher.launch({ executablePath, args: ARGUMENTS });
  }
}
