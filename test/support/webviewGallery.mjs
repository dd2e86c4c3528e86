// Takes pictures of the dashboard in every state, theme and width: node test/support/webviewGallery.mjs DIR [FILTER]
import { build } from 'esbuild';
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GalleryPages } from './galleryPages.mjs';

const [directory, filter = ''] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: node test/support/webviewGallery.mjs DIR [FILTER]');
mkdirSync(directory, { recursive: true });
const built = mkdtempSync(join(tmpdir(), 'rankwise-gallery-'));
await build({
  entryPoints: { dashboard: 'webview/dashboard/main.ts' },
  bundle: true,
  format: 'iife',
  target: 'es2022',
  outdir: built,
});
await build({
  entryPoints: { support: 'test/support/dashboard/entry.ts' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  outdir: built,
});
const support = await import(pathToFileURL(join(built, 'support.mjs')).href);
const { ChartBuilder, pageHtml, RunEvents, scenarios, snapshot, themes } = support;

/** What the page does between loading and the picture, beyond its state. */
const gestures = {
  'running-hover': async (page) => {
    await page.hover('section[data-chart=left] canvas', { position: { x: 300, y: 120 } });
  },
  'slow-picked': async (page) => {
    await page.click('tr[data-worker="node4/0"] td[data-column=worker]');
  },
  'running-export': async (page) => {
    await page.getByRole('button', { name: 'PNG' }).click();
  },
  'running-zoomed': async (page) => {
    const box = await page.locator('section[data-chart=left] canvas').boundingBox();
    await page.mouse.move(box.x + 150, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 320, box.y + 100, { steps: 4 });
    await page.mouse.up();
    await page.click('section[data-chart=right] summary');
  },
};
const names = ['loading', 'unavailable', ...Object.keys(scenarios), ...Object.keys(gestures)];
const looks = Object.keys(themes).flatMap((theme) => [420, 1020, 1400].map((width) => ({ theme, width })));

const pages = new GalleryPages({ built, root: 'dashboard', pageHtml, data: { run: 'r' } });
try {
  await pages.start();
  for (const name of names) {
    for (const { theme, width } of looks) {
      const file = `${name}-${theme.replace('vscode-', '')}-${width}.png`;
      if (file.includes(filter)) await picture(name, theme, width, join(directory, file));
    }
  }
} finally {
  await pages.close();
}

async function picture(name, theme, width, file) {
  const page = await pages.open(file, [theme, themes[theme]], { width, height: 900 });
  const message = messageOf(name.replace(/-.*/, ''));
  const answer = async (times) => {
    for (let time = 0; time < times; time++) {
      const view = await page.evaluate(() => window.sent.findLast(({ view }) => view)?.view);
      const next = message(view, time + 1);
      if (next !== undefined) await page.evaluate((data) => window.postMessage(data, '*'), next);
      await page.waitForTimeout(150);
    }
  };
  await answer(2);
  if (gestures[name] !== undefined) {
    await gestures[name](page);
    await answer(1);
  }
  await page.waitForTimeout(150);
  await page.screenshot({ path: file, fullPage: true });
  if (name === 'running-export') {
    const data = await page.evaluate(() => window.sent.findLast(({ type }) => type === 'export').data);
    writeFileSync(file.replace(/\.png$/, '-exported.png'), Buffer.from(data, 'base64'));
  }
  await page.close();
}

/** The message that brings the page into a state, for the page's own way of looking at it. */
function messageOf(state) {
  if (state === 'loading') return () => undefined;
  if (state === 'unavailable') {
    const text = {
      message: 'This run is no longer known here',
      nextStep: 'Choose another one in the Runs view.',
    };
    return () => ({ type: 'unavailable', ...text });
  }
  const { run, metrics, now, trusted } = scenarios[state]();
  const derived = { charts: new ChartBuilder(), events: new RunEvents() };
  return (view, cursor) => ({
    type: 'snapshot',
    cursor,
    state: snapshot(run, metrics, view, derived, now, trusted),
  });
}
