import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { beforeEach } from 'vitest';
import { must } from '../../scripts/machine/command.mjs';
import { ensureBrowser } from '../../scripts/machine/ensureBrowser.mjs';
import { ensureVsCode } from '../../scripts/machine/ensureVsCode.mjs';
import { repository } from '../../scripts/machine/repository.mjs';
import {
  launchBrowser,
  openSideBar,
  openWorkbench,
  patienceMs,
  runCommand,
  treeRows,
  webview,
} from '../../scripts/vscode/page.mjs';
import { processesWithEnvironment } from '../../scripts/vscode/processes.mjs';
import { startServer, type Server } from '../../scripts/vscode/server.mjs';

const say = (message: string) => console.log(message);

export interface VsCodeOptions {
  /** Text by path below the workspace. */
  workspace: Record<string, string>;
  /** Path of a .vsix to install as a user would; without it the checkout is run as an extension under development. */
  vsix?: string;
  /** Switches workspace trust off. Default: true. */
  trustEverything?: boolean;
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
}

/** A real VS Code with a page open on a workspace of its own. */
export class VsCode {
  private constructor(
    readonly directory: string,
    readonly workspace: string,
    readonly stateDirectory: string,
    readonly server: Server,
    private readonly browser: Awaited<ReturnType<typeof launchBrowser>>,
    private readonly address: string,
    /** The open page; another one after {@link reopen}. */
    public page: Page,
  ) {}

  static async start(options: VsCodeOptions): Promise<VsCode> {
    const directory = await mkdtemp(join(tmpdir(), 'rankwise-'));
    const workspace = join(directory, 'work');
    await fillWorkspace(workspace, options.workspace);
    const stateDirectory = join(directory, 'state');
    await mkdir(stateDirectory, { mode: 0o700 });
    if (options.vsix === undefined) await must(process.execPath, ['esbuild.mjs'], { cwd: repository });
    const server = await startServer({
      vsCode: await ensureVsCode(say),
      directory: join(directory, 'vscode'),
      graceSeconds: 5,
      env: { RANKWISE_STATE_DIR: stateDirectory, ...options.env },
      trustEverything: options.trustEverything ?? true,
      forTests: options.vsix === undefined,
      ...(options.vsix === undefined ? {} : { vsix: options.vsix }),
      ...(options.settings === undefined ? {} : { settings: options.settings }),
    });
    const development = [
      'extensionDevelopmentPath',
      `vscode-remote://127.0.0.1:${server.port}${repository}`,
    ] as const;
    const address = server.address(workspace, options.vsix === undefined ? [development] : undefined);
    try {
      const browser = await launchBrowser(await ensureBrowser(say));
      const page = await openWorkbench(browser.context, address);
      return new VsCode(directory, workspace, stateDirectory, server, browser, address, page);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Runs a command of the palette by its full title, as a person does. */
  run(title: string): Promise<void> {
    return runCommand(this.page, title);
  }

  /** The document of the webview that shows the selector. */
  webview(selector: string, timeoutMs?: number): Promise<Frame> {
    return webview(this.page, selector, timeoutMs);
  }

  /** Shows Rankwise's side bar. */
  openSideBar(): Promise<void> {
    return openSideBar(this.page);
  }

  /** A row of a tree, by a part of its text. */
  row(text: string | RegExp) {
    return treeRows(this.page, text);
  }

  /** Clicks an inline action of a row. The row may move while the mouse comes to it: it is gone to again till it is there. */
  async inline(row: Locator, title: string): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (let timeout = 2000; ; timeout *= 2) {
      await row.hover();
      try {
        await row.getByRole('button', { name: title }).click({ timeout });
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }

  /** Chooses an entry of a row's context menu. A menu takes no click in its first moments: it is clicked again till it does. */
  async menu(row: Locator, title: string): Promise<void> {
    const item = this.page.locator('.monaco-menu').getByRole('menuitem', { name: title, exact: true });
    const click = (): Promise<boolean> =>
      item.click({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      await row.click({ button: 'right' });
      // What happens beside may take the focus, and close it again.
      for (let shown = await shows(item, 15_000); shown && Date.now() < deadline;) {
        const clicked = await click();
        shown = !(await hides(item, 3000));
        if (clicked && !shown) return;
      }
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`the menu of the row did not take ${title} within ${patienceMs / 1000} s`);
  }

  /**
   * The newest message with this text in the notification centre: VS Code pops none up while it is driven by a test, and it
   * closes the centre by itself when a message goes.
   */
  async notification(text: string | RegExp, timeoutMs = patienceMs): Promise<Locator> {
    const centre = this.page.locator('.notifications-center');
    const message = centre.locator('.notification-list-item').filter({ hasText: text }).first();
    const deadline = Date.now() + timeoutMs;
    for (let patience = 3000; ; patience *= 2) {
      await this.run('Notifications: Show Notifications');
      if (await shows(message, Math.min(patience, 24_000))) return message;
      if (Date.now() > deadline) {
        const others = await centre.locator('.notification-list-item-message').allInnerTexts();
        throw new Error(
          `no message ${String(text)} after ${timeoutMs / 1000} s; there are: ${others.join(' | ') || 'none'}`,
        );
      }
    }
  }

  /** Clicks a button of a message; the centre is opened again where it closes meanwhile. */
  async answerNotification(text: string | RegExp, button: string): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const message = await this.notification(text);
      try {
        await message.getByRole('button', { name: button }).click({ timeout: 15_000 });
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }

  /** Types into the box that shows this text, and presses Enter. */
  async answer(box: string | RegExp, text: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget').filter({ hasText: box });
    await widget.waitFor();
    await widget.locator('input[type="text"], input[type="password"]').last().fill(text);
    await this.enter(widget);
  }

  /** Presses Enter in an open box. It counts once the box has checked what was typed: it is pressed again till then. */
  async enter(widget = this.page.locator('.quick-input-widget')): Promise<void> {
    const deadline = Date.now() + patienceMs;
    do {
      await this.page.keyboard.press('Enter');
      if (await hides(widget, 3000)) return;
    } while (Date.now() < deadline);
    throw new Error(`the box does not take Enter: ${await widget.innerText()}`);
  }

  /** Reloads the window as a person does; a reload of the page alone may forget what was just opened. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load', { timeout: 2 * patienceMs });
    await this.run('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench .statusbar').waitFor();
  }

  /** Closes the page and waits until its extension host has ended. */
  async closePage(): Promise<void> {
    const before = this.server.extensionHostPids();
    await this.page.close({ runBeforeUnload: true });
    const deadline = Date.now() + patienceMs;
    while (this.server.extensionHostPids().some((pid) => before.includes(pid))) {
      if (Date.now() > deadline)
        throw new Error(`the extension host outlived its page by ${patienceMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Opens a page again after {@link closePage}. */
  async reopen(): Promise<void> {
    this.page = await openWorkbench(this.browser.context, this.address);
  }

  /** Ends the extension host without a word, as a crash does. The result: the pids that were killed. */
  killExtensionHost(): number[] {
    const pids = this.server.extensionHostPids();
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    return pids;
  }

  /** Writes a picture to `RANKWISE_PICTURES`, where that is set. */
  async picture(name: string): Promise<void> {
    const directory = process.env['RANKWISE_PICTURES'];
    if (directory !== undefined) await this.page.screenshot({ path: join(directory, `${name}.png`) });
  }

  /** Ends the page, the server, and whatever was started with this state directory. */
  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    for (const { pid } of processesWithEnvironment('RANKWISE_STATE_DIR', this.stateDirectory)) {
      try {
        process.kill(pid, 'SIGTERM');
      } catch {
        // It has ended by itself.
      }
    }
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const left = processesWithEnvironment('RANKWISE_STATE_DIR', this.stateDirectory);
      if (left.length === 0) break;
      const named = left.map(({ pid, argv }) => `${pid} ${argv.join(' ')}`).join('\n');
      if (Date.now() > deadline) throw new Error(`processes of ${this.stateDirectory} do not end:\n${named}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function shows(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );
}

function hides(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ state: 'hidden', timeout }).then(
    () => true,
    () => false,
  );
}

/** Takes a picture of what is shown when a test of the suite fails, see {@link VsCode.picture}. */
export function pictureFailures(code: () => VsCode): void {
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => code().picture(`failed ${task.name.replaceAll(/[^\w ]/g, '')}`));
  });
}

async function fillWorkspace(directory: string, content: VsCodeOptions['workspace']): Promise<void> {
  await mkdir(directory);
  for (const [path, text] of Object.entries(content)) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
