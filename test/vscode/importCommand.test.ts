import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

describe('importing what was pasted into a terminal', () => {
  let code: VsCode;
  let editor: TextEditor;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        'notes.txt':
          'mpirun -np 4 -hostfile machines \\\n  -mca btl_tcp_if_exclude lo,docker0 -x LD_LIBRARY_PATH --report-bindings \\\n  python train.py --lr 0.1 > log.txt\n',
        machines: 'node1 slots=2\nnode2 slots=2\n',
        'ssh/config': 'Host gpu1 gpu2\n  User me\nHost *\n  Port 2222\n',
      },
      settings: { 'rankwise.ssh.configFile': '' },
    });
    editor = new TextEditor(code);
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it('makes a launch of the selection, in a file that is not saved yet', async () => {
    await editor.open('notes.txt');
    await editor.press('Control+a');
    await code.page.locator('.statusbar').getByText('selected').waitFor();
    await code.run('Rankwise: Import Command…');
    await code.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'The selection' })
      .click();
    await code.page.locator('.tab.active').filter({ hasText: 'rankwise.yaml' }).waitFor();
    await expect.poll(() => editor.saved('rankwise.yaml')).toMatch(/launcher: mpirun/);
    const text = await readFile(join(code.workspace, 'rankwise.yaml'), 'utf8');
    expect(text).toContain('np: 4');
    expect(text).toContain('hosts: machines');
    expect(text).toContain('btl_tcp_if_exclude: lo,docker0');
    expect(text).toContain('--report-bindings');
    await code.picture('import');
    await code.openSideBar();
    await code.row(/^trainmpirun · .* · 4 workers/).waitFor();
  });
});
