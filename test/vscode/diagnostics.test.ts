import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pictureFailures, VsCode } from '../support/vscode';

describe('mistakes in config files', () => {
  let code: VsCode;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        hosts: 'node1 slots=2\nnode2 slots=two\n',
        'rankwise.yaml': [
          'version: 1',
          'clusters:',
          '  lab:',
          '    hosts: hosts',
          'launches:',
          '  train:',
          '    cluster: labb',
          '    launcher: mpirun',
          '    command: python3 train.py',
          '    np: -1',
          '',
        ].join('\n'),
      },
    });
    await code.openSideBar();
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  /** Message, code and place of every problem that VS Code lists. */
  const problems = async (): Promise<string[]> => {
    const rows = await code.page.locator('.markers-panel .monaco-list-row .marker-icon + *').allInnerTexts();
    return rows.map((text) => text.replaceAll(/\s+/g, ' '));
  };

  it('are listed with file, line and what to do', async () => {
    await code.run('Problems: Focus on Problems View');
    await expect
      .poll(problems)
      .toEqual([
        '`slots=` takes a whole number from 1 to 65536, not two. Write `slots=4`. rankwise hostfile.slots [Ln 2, Col 13]',
        'There is no cluster `labb`. Known: lab, practice. rankwise rankwise.unknownCluster [Ln 7, Col 14]',
        '`launches.train.np` must be at least 1. rankwise rankwise.invalidValue [Ln 10, Col 9]',
      ]);
    await code.picture('problems');
  });

  it('go away when the files are put right on disk', async () => {
    // VS Code may just have begun to watch the folder: it is written till that is noticed.
    const afterwards = async (): Promise<string[]> => {
      await writeFile(join(code.workspace, 'hosts'), 'node1 slots=2\nnode2 slots=2\n');
      return problems();
    };
    await expect
      .poll(afterwards, { interval: 1000 })
      .toEqual([
        expect.stringContaining('There is no cluster `labb`'),
        expect.stringContaining('`launches.train.np`'),
      ]);
  });
});
