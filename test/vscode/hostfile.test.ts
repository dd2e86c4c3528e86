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

  const write = async (text: string): Promise<void> => {
    await editor.press('Control+a');
    // Typed at once, as a paste is: no bracket or blank is added by the editor.
    await code.page.keyboard.insertText(text);
    await expect.poll(() => editor.saved('machines')).toBe(text);
  };

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

  it('mends what the launcher misreads, all at once where each fix is certain', async () => {
    await write('node1:2\nnode2 slots=2 \nnode2 slots=2\n');
    await expect
      .poll(() => editor.problems())
      .toEqual(
        expect.arrayContaining([
          expect.stringMatching(/hostfile\.\w+ \[Ln 1, /) as string,
          expect.stringMatching(/hostfile\.duplicateHost \[Ln 3, /) as string,
        ]) as string[],
      );
    await editor.goTo(1, 3);
    await editor.fix('slots=2');
    await expect.poll(() => editor.saved('machines')).toContain('node1 slots=2\n');
    await editor.goTo(3, 3);
    await editor.fix('Remove');
    await expect.poll(() => editor.saved('machines')).toMatch(/^node1 slots=2\nnode2 slots=2 ?\n$/);
    await editor.press('Control+z');
    await editor.press('Control+z');
    await expect.poll(() => editor.saved('machines')).toBe('node1:2\nnode2 slots=2 \nnode2 slots=2\n');
  });

  it('completes settings, formats to columns and explains', async () => {
    await write('# racks\nnode1 slots=2 # first\nlongnode2 slots=16\nnode3 ');
    await editor.goTo(4, 7);
    await editor.complete('slots=');
    await editor.type('4\n');
    await code.run('Format Document');
    await expect
      .poll(() => editor.saved('machines'))
      .toBe('# racks\nnode1     slots=2 # first\nlongnode2 slots=16\nnode3     slots=4\n');
    await editor.goTo(3, 3);
    expect(await editor.hover()).toMatch(/Open MPI reads longnode2, 16 slots/);
    await editor.goTo(3, 13);
    expect(await editor.hover()).toMatch(/processes fit on the host/);
    await code.picture('hostfile hover');
  });
});
