// Preloaded into a command: says on stderr, when it ends, whether mjml had been loaded.
import { createRequire } from 'node:module';

const { cache } = createRequire(import.meta.url);
process.on('exit', () => {
  const loaded = Object.keys(cache).some(
    file => /node_modules\/mjml[\w-]*\//.test(file) && file.endsWith('.js'),
  );
  process.stderr.write(`mjml: ${loaded ? 'loaded' : 'not loaded'}\n`);
});
