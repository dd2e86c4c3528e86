import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Opens a webview's page outside VS Code, in a theme, and counts what the browser complains of. */
export class GalleryPages {
  /**
   * @param {{ built: string, root: string, pageHtml: (page: object) => string, data?: Record<string, string> }} page `built` is the
   *   folder with the page's bundle, `root` the bundle's name; the folder goes with `close`.
   */
  constructor({ built, root, pageHtml, data }) {
    this.built = built;
    this.root = root;
    this.pageHtml = pageHtml;
    this.data = data;
    this.complaints = 0;
  }

  async start() {
    this.browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  }

  /**
   * A page that waits for its first message; `window.sent` holds what it sent to VS Code.
   * @param {string} picture named in complaints
   * @param {[theme: string, variables: Record<string, string>]} look
   * @param {{ width: number, height: number }} viewport
   */
  async open(picture, [theme, variables], viewport) {
    const origin = 'http://page.invalid';
    const page = await this.browser.newPage({ viewport });
    const complain = (text) => {
      this.complaints += 1;
      console.error(`${picture}: ${text}`);
    };
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complain(message.text());
    });
    page.on('pageerror', (error) => complain(error.message));
    await page.route('**/*', (route) => {
      const path = new URL(route.request().url()).pathname;
      if (/\.(?:js|css)$/.test(path)) return route.fulfill({ path: join(this.built, path) });
      const body = this.pageHtml({
        cspSource: origin,
        scriptUri: `${origin}/${this.root}.js`,
        styleUri: `${origin}/${this.root}.css`,
        nonce: 'abc',
        title: this.root,
        root: this.root,
        data: this.data,
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
      { theme, variables },
    );
    await page.goto(`${origin}/`);
    await page.waitForFunction(() => window.sent.some(({ type }) => type === 'ready'));
    return page;
  }

  /** Says how many complaints there were, which is also what the process ends with. */
  async close() {
    await this.browser?.close();
    rmSync(this.built, { recursive: true, force: true });
    console.log(`${this.complaints} complaints of the browser`);
    if (this.complaints > 0) process.exitCode = 1;
  }
}
