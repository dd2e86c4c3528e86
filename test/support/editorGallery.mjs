// Takes pictures of an editor's page in every state, theme and width: node test/support/editorGallery.mjs DIR PAGE [FILTER]
// PAGE has its states in test/support/editorGallery/PAGE.ts and its bundle in webview/PAGE.
import { build } from 'esbuild';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [directory, name, filter = ''] = process.argv.slice(2);
if (directory === undefined || name === undefined) {
  throw new Error('usage: node test/support/editorGallery.mjs DIR PAGE [FILTER]');
}
mkdirSync(directory, { recursive: true });
const origin = 'http://editor.invalid';
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
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
let complaints = 0;
try {
  for (const state of Object.keys(states)) {
    for (const theme of Object.keys(themes)) {
      for (const width of [300, 560, 1100]) {
        const file = `${name}-${state}-${theme.replace('vscode-', '')}-${width}.png`;
        if (file.includes(filter)) await picture(state, theme, width, join(directory, file));
      }
    }
  }
} finally {
  await browser.close();
  rmSync(built, { recursive: true, force: true });
}
console.log(`${complaints} complaints of the browser`);
process.exitCode = complaints === 0 ? 0 : 1;

async function picture(state, theme, width, file) {
  const page = await browser.newPage({ viewport: { width, height: 700 } });
  const complain = (text) => {
    complaints += 1;
    console.error(`${state} ${theme} ${width}: ${text}`);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(message.text());
  });
  page.on('pageerror', (error) => complain(error.message));
  await page.route('**/*', (route) => {
    const path = new URL(route.request().url()).pathname;
    if (/\.(?:js|css)$/.test(path)) return route.fulfill({ path: join(built, path) });
    const body = pageHtml({
      cspSource: origin,
      scriptUri: `${origin}/${name}.js`,
      styleUri: `${origin}/${name}.css`,
      nonce: 'abc',
      title: name,
      root: name,
    });
    return route.fulfill({ contentType: 'text/html', body: path === '/' ? body : '' });
  });
  await page.addInitScript(
    ({ theme, variables }) => {
      window.sent = [];
      window.acquireVsCodeApi = () => ({
        postMessage: (message) => window.sent.push(message),
        getState: () => undefined,
        setState: () => undefined,
      });
      new window.MutationObserver((_, observer) => {
        if (document.body === null) return;
        observer.disconnect();
        document.body.classList.add(theme);
        for (const [variable, value] of Object.entries(variables)) {
          document.documentElement.style.setProperty(`--vscode-${variable}`, value);
        }
      }).observe(document, { childList: true, subtree: true });
    },
    { theme, variables: themes[theme] },
  );
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => window.sent.some(({ type }) => type === 'ready'));
  const message = { type: 'snapshot', version: 1, state: await states[state]() };
  await page.evaluate((data) => window.postMessage(data, '*'), message);
  await page.waitForTimeout(200);
  await page.screenshot({ path: file });
  await page.close();
}
