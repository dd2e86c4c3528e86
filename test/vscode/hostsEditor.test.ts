import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

const text = '# rack A\nnode1 slots=4  # switch 3\nnode2 slots=4\nnode3 slots=4\n';

describe('the hosts editor', () => {
  let code: VsCode;
  let page: Frame;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        hosts: text,
        'rankwise.yaml':
          'version: 1\nclusters:\n  lab:\n    hosts: hosts\nlaunches:\n' +
          '  train:\n    cluster: lab\n    launcher: mpirun\n    command: python3 train.py\n',
      },
    });
    await open('hosts');
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  async function open(file: string): Promise<void> {
    await code.run('Go to File...');
    await code.answer(/./, file);
  }

  const press = (key: string): Promise<void> => code.page.keyboard.press(key);
  const type = (typed: string): Promise<void> => code.page.keyboard.type(typed);
  const onDisk = (): Promise<string> => readFile(join(code.workspace, 'hosts'), 'utf8');
  const cells = (column: string): Promise<string[]> =>
    page.locator(`.rows .column-${column} .text`).allInnerTexts();
  const cursor = async (): Promise<string> => {
    const id = await page.locator('[role=grid]').getAttribute('aria-activedescendant');
    return page.locator(`[id="${id ?? ''}"]`).innerText();
  };
  const isDirty = async (): Promise<boolean> =>
    (await code.page.locator('.tabs-container .tab.dirty').count()) > 0;

  it('opens by the button of the text, with what each launcher makes of the file', async () => {
    await code.page.getByRole('button', { name: 'Open in Hosts Editor' }).first().click();
    page = await code.webview('.grid .row[data-line="1"]');
    expect(await cells('host')).toEqual(['node1', 'node2', 'node3']);
    expect(await cells('slots')).toEqual(['4', '4', '4']);
    expect(await cells('note')).toEqual(['switch 3', '', '']);
    await expect.poll(() => page.locator('.chip.used').innerText()).toMatch(/Open MPI\s*valid/);
    expect(await page.locator('.chip[data-verdict=error]').allInnerTexts()).toContainEqual(
      expect.stringMatching(/horovodrun\s*line 1/),
    );
    await code.picture('hostsEditor');
  });

  it('edits by keyboard alone, as one step that undo takes back', async () => {
    await expect.poll(cursor).toBe('node1');
    await press('ArrowRight');
    await press('F2');
    await type('8');
    await press('Enter');
    await expect.poll(() => cells('slots')).toEqual(['8', '4', '4']);
    await expect.poll(isDirty).toBe(true);
    expect(await onDisk()).toBe(text);
    await press('Control+z');
    await expect.poll(() => cells('slots')).toEqual(['4', '4', '4']);
    await expect.poll(isDirty).toBe(false);
    await press('Control+Shift+z');
    await expect.poll(() => cells('slots')).toEqual(['8', '4', '4']);
    await press('Control+s');
    await expect.poll(onDisk).toBe(text.replace('node1 slots=4', 'node1 slots=8'));
  });

  it('moves, disables, copies and removes lines', async () => {
    await press('Control+End');
    await expect.poll(cursor).toBe('4');
    await press('Alt+ArrowUp');
    await press('Alt+ArrowUp');
    await expect.poll(() => cells('host')).toEqual(['node3', 'node1', 'node2']);
    await expect.poll(() => page.locator('.row[aria-selected=true] .column-host').innerText()).toBe('node3');
    await press('Space');
    await expect.poll(() => cells('state')).toContainEqual('disabled');
    await press('Control+d');
    await expect.poll(() => cells('host')).toEqual(['node3', 'node4', 'node1', 'node2']);
    await press('Delete');
    await expect.poll(() => cells('host')).toEqual(['node3', 'node1', 'node2']);
    await press('Control+s');
    await expect.poll(onDisk).toBe('# rack A\n#node3 slots=4\nnode1 slots=8  # switch 3\nnode2 slots=4\n');
  });

  it('says what a cell cannot be, and keeps what was typed to mend it', async () => {
    await press('Control+End');
    await type('many');
    await press('Enter');
    await expect.poll(() => page.locator('.notice').innerText()).toContain('`many` is no number of slots');
    await expect.poll(() => page.locator('.cell-editor').inputValue()).toBe('many');
    await press('Escape');
    expect(await isDirty()).toBe(false);
  });

  it('adds a range, and takes a pasted list', async () => {
    await page.locator('.add-input').fill('gpu[01-02]');
    await page.locator('.add-input').press('Enter');
    await expect.poll(() => cells('host')).toEqual(['node3', 'node1', 'node2', 'gpu01', 'gpu02']);
    expect((await cells('slots')).slice(3)).toEqual(['4', '4']);
    await page.locator('[role=grid]').focus();
    await press('Control+c');
    await press('Control+v');
    await expect
      .poll(() => cells('host'))
      .toEqual(['node3', 'node1', 'node2', 'gpu01', 'gpu02', 'gpu01', 'gpu02']);
    await expect.poll(() => page.locator('.chip.used').innerText()).toMatch(/Open MPI\s*line 7/);
    await page.locator('.chip.used').click();
    await expect.poll(() => page.locator('.notice').innerText()).toMatch(/^Line 7: .*gpu01/);
    await press('Control+z');
    await press('Control+z');
    await expect.poll(isDirty).toBe(false);
  });

  it('follows a change of the file from outside', async () => {
    const after = '# rack A\nnode0 slots=1\n#node3 slots=4\nnode1 slots=8  # switch 3\nnode2 slots=4\n';
    const seen = async (): Promise<string[]> => {
      await writeFile(join(code.workspace, 'hosts'), after);
      return cells('host');
    };
    await expect.poll(seen, { interval: 1000 }).toEqual(['node0', 'node3', 'node1', 'node2']);
    expect(await isDirty()).toBe(false);
  });

  it('writes nothing that was meant for another text, and shows the one that is there', async () => {
    const line = { kind: 'host', text: 'x', host: 'x', slots: '', user: '', port: '', note: '', more: '' };
    const state = { lines: [{ ...line, live: null, problem: null }], chips: [], noCheck: null };
    const older = JSON.stringify({ type: 'snapshot', version: 1, state });
    await page.evaluate(`window.postMessage(${older})`);
    await expect.poll(() => cells('host')).toEqual(['x']);
    await page.locator('[role=grid]').focus();
    await press('Delete');
    await expect.poll(() => cells('host')).toEqual(['node0', 'node3', 'node1', 'node2']);
    expect(await page.locator('.notice').innerText()).toContain('The text changed meanwhile');
    expect(await isDirty()).toBe(false);
  });

  it('says of each host what was found when it was asked', async () => {
    await page.getByRole('button', { name: 'Check hosts' }).click();
    const states = async (): Promise<string[]> => cells('state');
    await expect
      .poll(states)
      .toEqual([
        expect.stringMatching(/^unreachable: /),
        'disabled',
        expect.stringMatching(/^unreachable: /),
        expect.stringMatching(/^unreachable: /),
      ]);
  });

  it('is where it was when its tab is shown again', async () => {
    await page.locator('[role=grid]').focus();
    await press('Control+End');
    await press('Home');
    await press('ArrowRight');
    await expect.poll(cursor).toBe('node2');
    await press('Control+PageUp');
    await code.page.locator('.monaco-editor[data-uri$="/hosts"]').first().waitFor();
    await press('Control+PageDown');
    page = await code.webview('.grid .row[data-line="1"]');
    await expect.poll(cursor).toBe('node2');
    await press('F2');
    await expect.poll(() => page.locator('.cell-editor').inputValue()).toBe('node2');
    await press('Escape');
  });

  it('shows and follows the text beside it', async () => {
    await code.run('View: Split Editor Right');
    await code.run('Rankwise: Open as Text');
    const editor = code.page.locator('.monaco-editor[data-uri$="/hosts"]').first();
    await editor.waitFor();
    await editor.locator('.view-line').filter({ hasText: 'node2' }).click();
    // Lenses come a moment after the text and move its lines down, away from a click.
    await new TextEditor(code).goTo(5, 14);
    await type('0');
    await expect.poll(() => cells('slots')).toEqual(['1', '4', '8', '40']);
    await code.picture('hostsEditorSplit');
    await page.locator('.row[data-line="1"] .column-slots').dblclick();
    await press('Control+a');
    await type('2');
    await press('Enter');
    await expect.poll(() => editor.innerText()).toMatch(/node0.slots=2/);
    await press('Control+s');
    await expect.poll(onDisk).toContain('node0 slots=2\n');
  });

  it('opens from the explorer, for a file that only rankwise.yaml calls a hostfile', async () => {
    await code.run('View: Close All Editors');
    await code.menu(
      code.page.locator('.explorer-folders-view .monaco-list-row', { hasText: /^hosts$/ }),
      'Open in Hosts Editor',
    );
    page = await code.webview('.grid .row[data-line="1"]');
    expect(await cells('host')).toEqual(['node0', 'node3', 'node1', 'node2']);
  });
});
