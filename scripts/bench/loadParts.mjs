import { build } from 'esbuild';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository } from '../machine/repository.mjs';

/** Scripts find the repository by their own place: they are imported from where they are. */
const scriptsStay = {
  name: 'scripts-stay',
  /** @param {import('esbuild').PluginBuild} bundler */
  setup(bundler) {
    bundler.onResolve({ filter: /\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true,
    }));
  },
};

/** CommonJS packages in the bundle expect these two names. */
const commonJsNames = [
  "import { createRequire as makeRequire } from 'node:module';",
  "import { fileURLToPath as toPath } from 'node:url';",
  'const require = makeRequire(import.meta.url);',
  "const __dirname = toPath(new URL('.', import.meta.url));",
].join('\n');

/**
 * The core of the extension and the lab, compiled for this Node.
 * @returns {Promise<Pick<typeof import('../../src/coreMain'), 'createCore'> & Pick<typeof import('../../test/support/lab'), 'createLab'>>}
 */
export async function loadParts() {
  const directory = join(repository, 'node_modules/.cache/rankwise');
  const outfile = join(directory, 'benchParts.mjs');
  await mkdir(directory, { recursive: true });
  await build({
    stdin: {
      contents:
        "export { createCore } from './src/coreMain'; export { createLab } from './test/support/lab';",
      resolveDir: repository,
      loader: 'ts',
    },
    bundle: true,
    // As in the extension's own bundle.
    external: ['cpu-features', '*.node'],
    platform: 'node',
    format: 'esm',
    banner: { js: commonJsNames },
    loader: { '.sh': 'text' },
    plugins: [scriptsStay],
    outfile,
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
