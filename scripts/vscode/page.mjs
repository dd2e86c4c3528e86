/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Frame} Frame */

/** How long something is waited for that a quiet machine does in a second or two. */
export const patienceMs = 120_000;

/**
 * A browser without a screen. Its pages share what VS Code stores in a browser, as those of a person do.
 * @param {string} executablePath
 * @returns {Promise<{ context: import('playwright-core').BrowserContext, close: () => Promise<void> }>}
 */
export async function launchBrowser(executablePath) {
  const { chromium } = await import('playwright-core');
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map(
    (name) => `--disable-${name}`,
  );
  const browser = await chromium.launch({
    executablePath,
    timeout: patienceMs,
    args: ['--no-sandbox', '--disable-gpu', ...quiet],
  });
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  // For what hangs: a busy machine is slow.
  context.setDefaultTimeout(patienceMs);
  return { context, close: () => browser.close() };
}

/**
 * Opens a page of VS Code and waits until its workbench is there.
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} address
 * @returns {Promise<Page>}
 */
export async function openWorkbench(context, address) {
  const page = await context.newPage();
  await page.goto(address);
  await page.locator('.monaco-workbench .statusbar').waitFor();
  return page;
}

/**
 * Runs a command as a person does: opens the palette, types, and clicks on the command of that exact title. The list
 * is made when it opens: a command that comes later (its extension is still starting) is found by opening it again.
 * @param {Page} page
 * @param {string} title with its category, such as `Rankwise: Launch…`
 */
export async function runCommand(page, title) {
  const input = page.locator('.quick-input-widget input').first();
  const deadline = Date.now() + patienceMs;
  for (let timeout = 3000; ; timeout *= 2) {
    try {
      await page.keyboard.press('F1');
      // What happens beside may take the focus, and close it again.
      await input.fill(`>${title}`, { timeout });
      await choose(page, title, timeout);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await page.keyboard.press('Escape');
      await input.waitFor({ state: 'hidden', timeout }).catch(() => undefined);
    }
  }
}

/**
 * Chooses the entry of the open list that has exactly this label (icons aside).
 * @param {Page} page
 * @param {string} label
 * @param {number} [timeoutMs]
 */
export async function choose(page, label, timeoutMs = patienceMs) {
  const rows = page.locator('.quick-input-list .monaco-list-row');
  const name = page.locator('.label-name').getByText(label, { exact: true });
  await rows.filter({ has: name }).first().click({ timeout: timeoutMs });
}

/**
 * Shows Rankwise's side bar. A click on the tab of what is shown hides it, and a page that was opened again may show it
 * by itself at any moment.
 * @param {Page} page
 */
export async function openSideBar(page) {
  const shown = page.locator('.sidebar .composite.title').filter({ hasText: /Rankwise/i });
  const tab = page.locator('.activitybar').getByRole('tab', { name: /^Rankwise/ });
  const deadline = Date.now() + patienceMs;
  for (let timeout = 3000; !(await shown.isVisible()); timeout *= 2) {
    await tab.click();
    try {
      await shown.waitFor({ timeout });
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/**
 * Rows of the side bar's trees that have this text; label and description stand next to each other in it.
 * @param {Page} page
 * @param {RegExp | string} text
 */
export function treeRows(page, text) {
  return page.locator('.sidebar [role=treeitem]').filter({ hasText: text });
}

/**
 * The document of a webview, which is two frames down: the first one that shows the selector.
 * @param {Page} page
 * @param {string} selector
 * @param {number} [timeoutMs]
 * @returns {Promise<Frame>}
 */
export async function webview(page, selector, timeoutMs = patienceMs) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      // A frame that is being replaced answers with an error: the next round sees its successor.
      const found = await frame.$(selector).catch(() => null);
      if (found !== null) return frame;
    }
    if (Date.now() > deadline) {
      const frames = page.frames().filter((frame) => frame !== page.mainFrame());
      const texts = await Promise.all(
        frames.map((frame) =>
          frame
            .locator('body')
            .innerText({ timeout: 1000 })
            .catch(() => ''),
        ),
      );
      const instead = texts.filter((text) => text.trim() !== '').map((text) => text.slice(0, 500));
      throw new Error(
        `no webview shows ${selector} after ${timeoutMs / 1000} s; shown are: ${instead.join('\n---\n') || 'none'}`,
      );
    }
    await page.waitForTimeout(100);
  }
}

/**
 * Answers "Do you trust the authors of the files in this folder?" with yes when it is asked.
 * @param {Page} page
 */
export async function trustFolder(page) {
  await page
    .locator('.monaco-dialog-box')
    .getByRole('button', { name: /^Yes, I trust/ })
    .click();
}
