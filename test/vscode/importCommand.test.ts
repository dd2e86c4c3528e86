import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

describe('importing what was pasted into a terminal', () => {
  let code: VsCode;
  let editor: TextEditor;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rankwise-ssh-'));
    await writeFile(join(folder, 'config'), 'Host gpu1 gpu2\n  User me\nHost *\n  Port 2222\n');
    code = await VsCode.start({
      workspace: {
        'notes.txt':
          'mpirun -np 4 -hostfile machines \\\n  -mca btl_tcp_if_exclude lo,docker0 -x LD_LIBRARY_PATH --report-bindings \\\n  python train.py --lr 0.1 > log.txt\n',
        machines: 'node1 slots=2\nnode2 slots=2\n',
      },
      settings: { 'rankwise.ssh.configFile': join(folder, 'config') },
    });
    editor = new TextEditor(code);
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await rm(folder, { recursive: true });
  });

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

  it('makes a hostfile of hosts that OpenSSH knows, not saved yet and with a name to save it by', async () => {
    await code.run('Rankwise: Import Hosts from SSH Configuration…');
    const rows = code.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'gpu1' }).click();
    await rows.filter({ hasText: 'gpu2' }).click();
    await code.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await code.answer('Slots of Each Host', '4');
    await code.page
      .locator('.tab.active')
      .filter({ hasText: /^hostfile$/ })
      .waitFor();
    await expect.poll(() => editor.lenses()).toContain('8 slots on 2 hosts');
    await code.picture('imported hosts');
  });

  it('begins another hostfile beside it', async () => {
    await code.run('Rankwise: New Hostfile');
    await code.page
      .locator('.tab.active')
      .filter({ hasText: /^hostfile-2$/ })
      .waitFor();
    await expect.poll(() => editor.lenses()).toContain('8 slots on 2 hosts');
    await code.run('Problems: Focus on Problems View');
    expect((await editor.problems()).filter((text) => text.includes('hostfile.'))).toEqual([]);
  });
});
