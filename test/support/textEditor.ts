import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { patienceMs } from '../../scripts/vscode/page.mjs';
import type { VsCode } from './vscode';

/** The text editor of a real VS Code, driven by keys and read as a person reads it. */
export class TextEditor {
  constructor(private readonly code: VsCode) {}

  /** Opens a file of the workspace by Quick Open, which does not look again for a file that was not there when it was asked. */
  async open(path: string): Promise<void> {
    const { page } = this.code;
    const widget = page.locator('.quick-input-widget');
    const deadline = Date.now() + patienceMs;
    for (let timeout = 2000; ; timeout *= 2) {
      await page.keyboard.press('Control+p');
      await widget.locator('input').first().fill(path);
      try {
        await widget
          .locator('.monaco-list-row.focused')
          .filter({ hasText: path })
          .first()
          .waitFor({ timeout });
        break;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        // Notifications that are shown take the first.
        for (let times = 0; times < 2; times++) await page.keyboard.press('Escape');
        await widget.waitFor({ state: 'hidden' });
      }
    }
    await this.code.enter(widget);
    await page
      .locator('.tab.active')
      .filter({ hasText: path.slice(path.lastIndexOf('/') + 1) })
      .waitFor();
    // The tab is there before its text is.
    await page.locator('.editor-group-container.active .monaco-editor.focused .view-line').first().waitFor();
  }

  /** @param line,column 1-based */
  async goTo(line: number, column: number): Promise<void> {
    const { page } = this.code;
    await page.keyboard.press('Control+g');
    const widget = page.locator('.quick-input-widget');
    await widget.locator('input').first().fill(`:${line}:${column}`);
    await this.code.enter(widget);
    await page.locator('.statusbar').getByText(`Ln ${line}, Col ${column}`).waitFor();
  }

  type(text: string): Promise<void> {
    return this.code.page.keyboard.type(text);
  }

  press(key: string): Promise<void> {
    return this.code.page.keyboard.press(key);
  }

  /** Saves, and gives what is on disk; saving takes a moment, so this is to be polled. */
  async saved(path: string): Promise<string> {
    await this.code.page.keyboard.press('Control+s');
    return readFile(join(this.code.workspace, path), 'utf8');
  }

  /** Titles of the lenses that are shown. */
  lenses(): Promise<string[]> {
    return this.texts(this.code.page.locator('.editor-group-container.active .codelens-decoration > *'));
  }

  lens(title: string): Locator {
    return this.code.page.locator('.codelens-decoration a').filter({ hasText: title }).first();
  }

  /** The labels of the completions at the cursor. */
  async completions(): Promise<string[]> {
    const { page } = this.code;
    const rows = page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    await page.keyboard.press('Control+Space');
    await rows.first().waitFor();
    return this.texts(rows);
  }

  /** Takes the completion with this label, as far as it is drawn. */
  async complete(label: string): Promise<void> {
    const { page } = this.code;
    await page.keyboard.press('Control+Space');
    const row = page
      .locator('.suggest-widget.visible .monaco-list-row')
      .filter({ has: page.locator('.label-name').getByText(label, { exact: true }) });
    await row.first().click();
    await page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
  }

  /** What is said of the place of the cursor. */
  async hover(): Promise<string> {
    await this.code.run('Show or Focus Hover');
    const hover = this.code.page.locator('.monaco-resizable-hover .monaco-hover:visible .hover-contents');
    await hover.first().waitFor();
    const text = (await hover.allInnerTexts()).join('\n');
    await this.code.page.keyboard.press('Escape');
    return text.replaceAll(' ', ' ');
  }

  /** Titles of the quick fixes at the cursor. */
  async fixes(): Promise<string[]> {
    const rows = await this.openFixes();
    const titles = await this.texts(rows);
    await this.code.page.keyboard.press('Escape');
    return titles;
  }

  async fix(title: string): Promise<void> {
    const rows = await this.openFixes();
    await rows.filter({ hasText: title }).first().click();
  }

  /** The list is made when it opens: for a problem that is found a moment later it is opened again. */
  private async openFixes(): Promise<Locator> {
    const { page } = this.code;
    const rows = page.locator('.action-widget .monaco-list-row.action');
    const deadline = Date.now() + patienceMs;
    for (let timeout = 2000; ; timeout *= 2) {
      await page.keyboard.press('Control+.');
      try {
        await rows.first().waitFor({ timeout });
        return rows;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await page.keyboard.press('Escape');
      }
    }
  }

  /** The problems of all files: message, code and place. */
  async problems(): Promise<string[]> {
    const rows = this.code.page.locator('.markers-panel .monaco-list-row .marker-icon + *');
    return this.texts(rows);
  }

  private async texts(rows: Locator): Promise<string[]> {
    return (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }
}
