import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

describe('a hostfile in the editor', () => {
  let code: VsCode;
  let editor: TextEditor;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        machines: 'localhost slots=2\nnosuchhost slots=4\n',
        'rankwise.yaml': [
          'version: 1',
          'clusters:',
          '  lab: { hosts: machines }',
          'launches:',
          '  train: { cluster: lab, launcher: mpirun, command: python3 train.py }',
          '',
        ].join('\n'),
      },
    });
    await code.openSideBar();
    await code.row(/^lab/).waitFor();
    editor = new TextEditor(code);
    await editor.open('machines');
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it('is one because rankwise.yaml names it, and says how large it is', async () => {
    await code.page.locator('.statusbar').getByText('Hostfile', { exact: true }).waitFor();
    await expect
      .poll(() => editor.lenses())
      .toEqual(['6 slots on 2 hosts', expect.anything(), 'Check Hosts', expect.anything(), 'Resolve Names']);
    await code.picture('hostfile lenses');
  });

  it('says on demand which names this machine cannot resolve, until the text changes', async () => {
    await code.run('Problems: Focus on Problems View');
    await editor.lens('Resolve Names').click();
    await expect
      .poll(() => editor.problems())
      .toEqual([
        expect.stringMatching(
          /^nosuchhost cannot be resolved on this machine: .* hostfile\.unresolvedName \[Ln 2, Col 1\]$/,
        ),
      ]);
    await code.picture('hostfile names');
    await editor.goTo(1, 1);
    await editor.type('# two hosts\n');
    await expect.poll(() => editor.problems()).toEqual([]);
  });
});
