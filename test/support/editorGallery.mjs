// Takes pictures of an editor's page in every state, theme and width: node test/support/editorGallery.mjs DIR PAGE [FILTER]
// PAGE has its states in test/support/editorGallery/PAGE.ts and its bundle in webview/PAGE.
import { build } from 'esbuild';
import { mkdtempSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GalleryPages } from './galleryPages.mjs';

const [directory, name, filter = ''] = process.argv.slice(2);
if (directory === undefined || name === undefined) {
  throw new Error('usage: node test/support/editorGallery.mjs DIR PAGE [FILTER]');
}
mkdirSync(directory, { recursive: true });
const built = mkdtempSync(join(tmpdir(), 'rankwise-gallery-'));
await build({
  entryPoints: { [name]: `webview/${name}/main.ts` },
  bundle: true,
  format: 'iife',
  target: 'es2022',
  outdir: built,
});
await build({
  entryPoints: {
    states: `test/support/editorGallery/${name}.ts`,
    themes: 'test/support/dashboard/themes.ts',
    html: 'src/vscode/pageHtml.ts',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  outdir: built,
  loader: { '.sh': 'text' },
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});
const load = (file) => import(pathToFileURL(join(built, `${file}.mjs`)).href);
const [{ states }, { themes }, { pageHtml }] = await Promise.all(['states', 'themes', 'html'].map(load));
const pages = new GalleryPages({ built, root: name, pageHtml });
try {
  await pages.start();
  for (const state of Object.keys(states)) {
    for (const [theme, variables] of Object.entries(themes)) {
      for (const width of [300, 560, 1100]) {
        const file = `${name}-${state}-${theme.replace('vscode-', '')}-${width}.png`;
        if (!file.includes(filter)) continue;
        const page = await pages.open(file, [theme, variables], { width, height: 700 });
        const message = { type: 'snapshot', version: 1, state: await states[state]() };
        await page.evaluate((data) => window.postMessage(data, '*'), message);
        await page.waitForTimeout(200);
        await page.screenshot({ path: join(directory, file) });
        await page.close();
      }
    }
  }
} finally {
  await pages.close();
}
