import type { Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardReader } from '../../scripts/start/dashboard.mjs';
import { choose } from '../../scripts/vscode/page.mjs';
import { pictureFailures, VsCode } from '../support/vscode';

const training = (more: string): string =>
  `printf 'epoch=1 step=%s loss=1.0 accuracy=0.5 throughput=%s\\n' 1 "$speed" 2 "$speed"; ${more}`;

describe('launches with values, secrets and trials on the practice hosts', () => {
  let code: VsCode;

  beforeAll(async () => {
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': [
          'version: 1',
          'launches:',
          '  alone:',
          '    cluster: practice',
          '    launcher: ssh',
          `    command: ${JSON.stringify(training('test "$TOKEN" = "hun""ter2"'))}`,
          '    np: 1',
          '    params: { speed: 10 }',
          '    presets: { fast: { speed: 50 } }',
          '    env: { TOKEN: "${secret:token}" }',
          '  sweep:',
          '    cluster: practice',
          '    launcher: ssh',
          `    command: ${JSON.stringify(training('test "$speed" -lt 30'))}`,
          '    np: 1',
          '    parallel: slots',
          '    params: { speed: 10 }',
          '    matrix: { speed: [10, 20, 30] }',
          '    repeat: 2',
          '  endless:',
          '    cluster: practice',
          '    launcher: ssh',
          '    command: sleep 600',
          '    np: 1',
          '    parallel: slots',
          '    params: { speed: 10 }',
          '    matrix: { speed: [10, 20, 30] }',
          '    repeat: 4',
          '',
        ].join('\n'),
      },
    });
    await code.openSideBar();
    await code.row(/^sweep.*matrix 3, 2 repeats/).waitFor();
    await code.run('Rankwise: Start Practice Cluster');
    await code.row(/^practice4.*load/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(() => code.close());

  it('keep a secret out of every file, and hand it to the run', async () => {
    await code.run('Rankwise: Set Secret…');
    await choose(code.page, 'token');
    await code.answer('Value of ${secret:token}', 'hunter2');
    await code.notification('The secret token is set.');
    await code.run('Rankwise: Launch With…');
    await choose(code.page, 'alone');
    await choose(code.page, 'Preset');
    await choose(code.page, 'fast');
    await choose(code.page, 'Name');
    await code.answer('Name of the run', 'warm-up');
    await code.page.locator('.quick-input-list').getByText('warm-up').waitFor();
    await code.picture('launchWith');
    await choose(code.page, 'Launch');
    const dashboard = await DashboardReader.find(code.page, 'alone #1 warm-up');
    await expect.poll(async () => (await dashboard.workers())[0]?.throughput).toBe(50);
    await code.row(/^alone #1 warm-up.*finished/).waitFor();
    let files: Dirent[] = [];
    // VS Code may remove a directory of its own while it is read.
    const list = async (): Promise<number> => {
      files = await readdir(code.directory, { recursive: true, withFileTypes: true });
      return files.length;
    };
    await expect.poll(list).toBeGreaterThan(0);
    const texts = files
      .filter((file) => file.isFile() && !file.parentPath.includes('node_modules'))
      .map((file) => readFile(join(file.parentPath, file.name), 'latin1').catch(() => ''));
    expect((await Promise.all(texts)).filter((text) => text.includes('hunter2'))).toEqual([]);
  });

  it('run a group on the free slots, say what failed, and compare what finished', async () => {
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'sweep');
    await code.row(/^sweep.*failed 2.*done 4/).waitFor();
    await code.row(/^sweep.*failed 2/).click();
    await code.picture('group');
    await code.run('Rankwise: Compare Trials…');
    const editor = code.page.locator('.monaco-editor .view-lines').last();
    await expect.poll(() => editor.innerText()).toMatch(/Comparison.of.sweep[\s\S]*speed.10[\s\S]*speed.20/);
    await code.picture('compare');
  });

  it('run again what failed, and only that', async () => {
    await code.menu(code.row(/^sweep.*failed 2/), 'Retry Failed Trials…');
    await code.notification('2 failed trials of sweep are in the queue again.');
    await code.row(/^sweep.*failed 2.*done 4/).waitFor();
  });

  it('take a group out of the queue and end what runs of it', async () => {
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'endless');
    const row = code.row(/^endless.*running \d.*queued \d/);
    await row.waitFor();
    await code.inline(row, 'Stop Group…');
    await code.notification(/endless is stopped: nothing waits, and no process of it is left/);
    await code.row(/^endless.*stopped 12/).waitFor();
  });
});
