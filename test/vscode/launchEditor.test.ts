import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

const yaml = `# ours
version: 1
clusters:
  lab:
    hosts: [node1, node2] # two of them
launches:
  train:
    cluster: lab
    launcher: ssh # for now
    command: 'python3 train.py'
    np: 2   # both
`;
const training = `{
  // tried by hand
  "lr": 0.001, "epochs": 20,
  "nodes": 2, "gpus": 4,
  "batch_size": 16,
  "num_workers": 8
}
`;

describe('the launch editor', () => {
  let code: VsCode;
  let text: TextEditor;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: { 'rankwise.yaml': yaml, 'config.json': training },
      settings: { 'files.autoSave': 'off' },
    });
    text = new TextEditor(code);
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  const box = (page: Frame, path: string) =>
    page.locator(`[data-path="${path}"] input, [data-path="${path}"] textarea`).first();
  const form = (): Promise<Frame> => code.webview('[data-path="launches.train.np"]');
  const action = (name: string) =>
    code.page.locator('.editor-group-container.active .editor-actions').getByRole('button', { name });
  const onDisk = (file = 'rankwise.yaml'): Promise<string> => readFile(join(code.workspace, file), 'utf8');
  const group = (index: number) => code.page.locator('.editor-group-container').nth(index);
  /** The tab of the text and that of the form are of one document. */
  const isDirty = async () => (await code.page.locator('.tab.dirty').count()) > 0;
  /** Once, as VS Code also writes a file that is saved already, which would be a conflict with a change from outside. */
  const save = async (): Promise<void> => {
    await expect.poll(isDirty).toBe(true);
    await code.page.keyboard.press('Control+s');
    await expect.poll(isDirty).toBe(false);
  };
  /** The lines that the text editor shows, with the blanks that it draws. */
  const lines = async (): Promise<string> => {
    const shown = await group(1).locator('.view-lines .view-line').allInnerTexts();
    return shown.join('\n').replaceAll('\u00a0', ' ');
  };

  it('opens from the title of rankwise.yaml and shows its launches', async () => {
    await text.open('rankwise.yaml');
    await action('Open in Launch Editor').click();
    const page = await form();
    await expect
      .poll(() => page.locator('.entry').allInnerTexts())
      .toEqual([expect.stringContaining('lab'), expect.stringContaining('train')]);
    expect(await box(page, 'launches.train.np').inputValue()).toBe('2');
    await code.picture('launch editor');
  });

  it('writes a field as one change of the text that undo takes back', async () => {
    const np = box(await form(), 'launches.train.np');
    await np.fill('1');
    await np.press('Tab');
    await expect.poll(isDirty).toBe(true);
    await code.page.locator('.tab.active').click();
    await code.page.keyboard.press('Control+z');
    await expect.poll(() => np.inputValue()).toBe('2');
    await expect.poll(isDirty).toBe(false);
    expect(await onDisk()).toBe(yaml);
  });

  it('follows the text beside it, and the text follows it', async () => {
    await code.run('View: Split Editor Right');
    await group(1).locator('.tab.active').waitFor();
    await action('Open as Text').click();
    await expect.poll(lines).toContain('np: 2   # both');
    const page = await form();
    const np = box(page, 'launches.train.np');
    await np.fill('1');
    await np.press('Enter');
    await expect.poll(lines).toContain('np: 1   # both');
    await code.picture('launch editor beside its text');
    await group(1).locator('.view-line').first().click();
    await text.goTo(11, 10);
    await text.press('Backspace');
    await text.type('7');
    await expect.poll(() => np.inputValue()).toBe('7');
    // More than the hosts have: the finding stands beside the field.
    await expect
      .poll(() => page.locator('[data-path="launches.train.np"] .problems').innerText())
      .toContain('rankwise.');
    await text.press('Control+z');
    await text.press('Control+z');
    await expect.poll(() => np.inputValue()).toBe('1');
  });

  it('says which line is broken while the text does not parse, and comes back', async () => {
    const page = await form();
    await text.goTo(5, 27);
    await text.type('[');
    await expect.poll(() => page.locator('.broken').innerText()).toMatch(/Line \d+/);
    expect(await page.locator('.body').isVisible()).toBe(false);
    await text.press('Control+z');
    await expect.poll(() => page.locator('.broken').isVisible()).toBe(false);
    expect(await box(page, 'launches.train.np').inputValue()).toBe('1');
  });

  it('adds a launch and names it, by keys alone', async () => {
    const page = await form();
    await page.locator('.entry[aria-current]').focus();
    await code.page.keyboard.press('Tab');
    await page.locator('nav section:last-child vscode-button').focus();
    await code.page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#entry-name:focus').count()).toBe(1);
    await code.page.keyboard.type('second');
    await code.page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.entry[aria-current] .entry-name').innerText()).toBe('second');
    await page.locator('.entry[aria-current]').focus();
    await code.page.keyboard.press('ArrowUp');
    await expect.poll(() => page.locator('#entry-name').inputValue()).toBe('train');
  });

  it('leaves every other byte of the file as it was', async () => {
    await save();
    expect(await onDisk()).toBe(
      yaml.replace('np: 2', 'np: 1') +
        '  second:\n    cluster: lab\n    launcher: ssh\n    command: hostname\n',
    );
  });

  it('follows a change from outside', async () => {
    const page = await form();
    const outside = async (): Promise<string> => {
      await writeFile(join(code.workspace, 'rankwise.yaml'), yaml.replace('np: 2', 'np: 4'));
      return box(page, 'launches.train.np').inputValue();
    };
    await expect.poll(outside, { interval: 1000 }).toBe('4');
    await code.run('View: Close All Editors');
  });

  it('shows a training configuration with its totals and keeps its comments', async () => {
    await text.open('config.json');
    await action('Open in Training Editor').click();
    const page = await code.webview('[data-path="batch_size"]');
    const batch = box(page, 'batch_size');
    await expect.poll(() => page.locator('.totals').innerText()).toMatch(/Total batch\s+128/);
    await batch.fill('32');
    await batch.press('Enter');
    await expect.poll(() => page.locator('.totals').innerText()).toMatch(/Total batch\s+256/);
    await code.picture('training editor');
    await save();
    expect(await onDisk('config.json')).toBe(training.replace('16', '32'));
  });
});
