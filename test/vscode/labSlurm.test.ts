import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardReader } from '../../scripts/start/dashboard.mjs';
import { createLab, type Lab } from '../support/lab';
import { TextEditor } from '../support/textEditor';
import { pictureFailures, VsCode } from '../support/vscode';

const script = (options: string, command: string): string =>
  `#!/bin/sh\n#SBATCH --nodes=2 --exclusive ${options}\n${command}\n`;

describe('a cluster with Slurm', () => {
  let lab: Lab;
  let code: VsCode;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'shared', slurm: { gpus: 2 } });
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': 'version: 1\nclusters:\n  site: { login: head, slurm: { pollSeconds: 10 } }\n',
        'first.sbatch': script('--job-name=first', 'echo step=1 loss=0.5; sleep 600'),
        'second.sh': script('--job-name=second', 'echo second'),
      },
      settings: { 'rankwise.ssh.configFile': lab.sshConfigFile },
    });
    await code.openSideBar();
    await code.row(/^site/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await lab.dispose();
  });

  const file = (name: string) =>
    code.page.locator('.explorer-folders-view [role=treeitem]').filter({ hasText: name });
  const check = async (): Promise<void> => {
    const row = code.row(/^site/);
    await code.inline(row, 'Check Cluster');
  };

  it('shows its partitions when it is opened', async () => {
    await code.row(/^site/).click();
    await code.row(/^main2 of 2 nodes idle · gpu:2/).waitFor();
    await code.row(/^my jobsnone/).waitFor();
  });

  it('takes a script from the explorer, and follows its job', async () => {
    await code.page
      .locator('.activitybar')
      .getByRole('tab', { name: /^Explorer/ })
      .click();
    await code.menu(file('first.sbatch'), 'Submit Slurm Script…');
    const dashboard = await DashboardReader.find(code.page, 'first.sbatch #1');
    await expect.poll(() => dashboard.state()).toBe('running');
    expect((await lab.exec('head', 'squeue -h -o "%j %T"')).stdout).toBe('first RUNNING\n');
  });

  it('takes a script from the editor, and says why it waits', async () => {
    await file('second.sh').dblclick();
    await code.page.getByRole('button', { name: 'Submit Slurm Script…' }).click();
    await DashboardReader.find(code.page, 'second.sh #1');
    await code.openSideBar();
    await code.row(/^second.sh #1.*queued: /).waitFor();
    await check();
    await code.row(/^\d+running \d+:\d\d · main · 2 nodes/).waitFor();
    await code.row(/^\d+pending: .*(resources|priority).* · main · 2 nodes/i).waitFor();
    await code.picture('slurm rows');
  });

  it('tests a script on the real controller from its lens, and shows what that says at its line', async () => {
    const editor = new TextEditor(code);
    await writeFile(
      join(code.workspace, 'greedy.sbatch'),
      script('--gres=gpu:2', 'srun true').replace('=2 ', '=9 '),
    );
    await editor.open('greedy.sbatch');
    await expect.poll(() => editor.lenses()).toEqual(['Submit to site', expect.anything(), 'Test Only']);
    await editor.lens('Test Only').click();
    await code.run('Problems: Focus on Problems View');
    await expect
      .poll(() => editor.problems())
      .toEqual([
        expect.stringMatching(/^Slurm refuses this: .*node.* rankwise sbatch\.refused \[Ln 2, Col 9\]$/i),
        expect.stringMatching(/^Partition main does not give more than 2 nodes\..* sbatch\.nodesOverLimit /),
      ]);
    await code.picture('slurm test only');
    await editor.goTo(2, 17);
    await editor.press('Delete');
    await editor.type('2');
    await expect.poll(() => editor.problems()).toEqual([]);
    await editor.lens('Test Only').click();
    await code.notification(/site would take it\. Job \d+ to start at/);
    await expect.poll(() => editor.saved('greedy.sbatch')).toContain('--nodes=2 --exclusive --gres=gpu:2');
  });

  it('knows the partitions of the site, and asks it for the directories of the output', async () => {
    const editor = new TextEditor(code);
    const text = script('--partition=nowhere --output=missing/%j.out', 'srun true');
    await writeFile(join(code.workspace, 'where.sbatch'), text);
    await editor.open('where.sbatch');
    const finds = (...found: RegExp[]): Promise<void> =>
      expect
        .poll(() => editor.problems())
        .toEqual(
          expect.arrayContaining(found.map((one) => expect.stringMatching(one) as string)) as string[],
        );
    await finds(
      /nowhere.*main.* sbatch\.unknownPartition /,
      /`missing` beside this script.* sbatch\.outputDirectory /,
    );
    await editor.goTo(2, 43);
    expect(await editor.hover()).toMatch(/partition/i);
    await editor.press('Control+Shift+ArrowRight');
    await editor.press('Backspace');
    expect(await editor.completions()).toEqual(['main']);
    await editor.complete('main');
    await editor.lens('Test Only').click();
    await finds(/Slurm: Job \d+ to start/, /`missing` in ~ on head.* sbatch\.outputDirectory /);
    await code.picture('slurm site');
  });

  it('lets go of both when they are stopped', async () => {
    for (const name of ['second.sh', 'first.sbatch']) {
      const row = code.row(new RegExp(`^${name} #1`));
      await code.inline(row, 'Stop Run…');
      await code.row(new RegExp(`^${name} #1.*stopped after`)).waitFor();
    }
    await expect.poll(async () => (await lab.exec('head', 'squeue -h')).stdout).toBe('');
    await check();
    await code.row(/^my jobsnone/).waitFor();
  });
});
