import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

const config = [
  'version: 1',
  'clusters:',
  '  lab:',
  '    hosts: machines',
  'launches:',
  '  # the baseline',
  '  train:',
  '    cluster: lab',
  '    launcher: mpirun',
  '    params: { lr: 0.1 }',
  '    command: [python3, train.py, --lr, "${lr}"]',
  '    nodess: 2',
  '',
].join('\n');

describe('rankwise.yaml in the editor', () => {
  let code: VsCode;
  let editor: TextEditor;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: { 'rankwise.yaml': config, machines: 'node1 slots=2\nnode2 slots=2\n' },
      // VS Code has a value of its own for YAML.
      settings: { '[yaml]': { 'editor.autoIndent': 'none' } },
    });
    await code.openSideBar();
    editor = new TextEditor(code);
    await editor.open('rankwise.yaml');
    await code.run('Problems: Focus on Problems View');
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it('mends a mistyped key by its quick fix', async () => {
    await expect.poll(() => editor.problems()).toHaveLength(1);
    await editor.goTo(12, 6);
    await editor.fix('nodes');
    await expect.poll(() => editor.problems()).toEqual([]);
    await expect.poll(() => editor.saved('rankwise.yaml')).toBe(config.replace('nodess', 'nodes'));
  });

  it('explains a key and a parameter', async () => {
    await editor.goTo(9, 8);
    expect(await editor.hover()).toMatch(/mpirun/);
    await editor.goTo(11, 45);
    expect(await editor.hover()).toMatch(/0\.1/);
    await code.picture('yaml hover');
  });

  it('goes to a definition, also of a hostfile', async () => {
    await editor.goTo(8, 15);
    await editor.press('F12');
    await code.page.locator('.statusbar').getByText('Ln 3, Col 3').waitFor();
    await editor.goTo(4, 14);
    await editor.press('F12');
    await code.page.locator('.tab.active').filter({ hasText: 'machines' }).waitFor();
    await editor.open('rankwise.yaml');
  });

  it('renames a cluster wherever it is used', async () => {
    await editor.goTo(3, 4);
    await editor.press('F2');
    const box = code.page.locator('.rename-box input');
    await box.fill('big lab');
    await box.press('Enter');
    const renamed = config
      .replace('nodess', 'nodes')
      .replace('  lab:', '  big lab:')
      .replace('cluster: lab', 'cluster: big lab');
    await expect.poll(() => editor.saved('rankwise.yaml')).toBe(renamed);
    await editor.press('Control+z');
    await expect.poll(() => editor.saved('rankwise.yaml')).toBe(config.replace('nodess', 'nodes'));
  });

  it('lists clusters and launches in its outline', async () => {
    await editor.press('Control+Shift+o');
    const rows = code.page.locator('.quick-input-list .monaco-list-row .label-name');
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual(expect.arrayContaining([expect.stringContaining('lab'), expect.stringContaining('train')]));
    await editor.press('Escape');
  });

  it('completes keys and the names of clusters while the file does not parse', async () => {
    await editor.goTo(12, 13);
    await editor.type('\n  other:\n    clus');
    expect(await editor.completions()).toEqual(['cluster']);
    await code.picture('yaml completion');
    await editor.complete('cluster');
    expect(await editor.completions()).toEqual(['lab', 'practice']);
    await editor.complete('lab');
    const added = '  other:\n    cluster: lab\n';
    await expect.poll(() => editor.saved('rankwise.yaml')).toContain(added);
  });
});
