import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DashboardReader } from '../../scripts/start/dashboard.mjs';
import { practiceRecord } from '../../scripts/start/practice.mjs';
import { choose } from '../../scripts/vscode/page.mjs';
import { processesWithEnvironment } from '../../scripts/vscode/processes.mjs';
import { pictureFailures, VsCode } from '../support/vscode';

const ranks = [0, 1, 2, 3];

describe('a run on the practice hosts', () => {
  let code: VsCode;
  let dashboard: DashboardReader;
  let truth: string;
  /** The value of RANKWISE_PRACTICE in everything that runs on the practice hosts. */
  let instance: string;

  beforeAll(async () => {
    truth = await mkdtemp(join(tmpdir(), 'rankwise-truth-'));
    code = await VsCode.start({
      workspace: {
        'rankwise.yaml': [
          'version: 1',
          'launches:',
          '  digits:',
          '    cluster: practice',
          '    launcher: ssh',
          `    command: RANKWISE_TRUTH_DIR=${truth} practice-training --epochs 1000`,
          '    np: 4',
          '',
        ].join('\n'),
      },
    });
    await code.openSideBar();
    await code.row(/^digits/).waitFor();
  });
  pictureFailures(() => code);
  afterAll(async () => {
    await code.close();
    await rm(truth, { recursive: true, force: true });
  });

  const points = async (): Promise<number[]> => (await dashboard.workers()).map((worker) => worker.points);
  const practiceProcesses = () =>
    processesWithEnvironment('RANKWISE_PRACTICE', instance).map(({ pid }) => pid);
  const runProcesses = () => {
    const practice = practiceProcesses();
    return processesWithEnvironment('RANKWISE_RUN_ID').filter(({ pid }) => practice.includes(pid));
  };

  /** Every worker has points for all steps from the first on, and more than before. */
  const growsFrom = async (before: readonly number[]): Promise<void> => {
    await expect
      .poll(async () => (await points()).map((now, rank) => now > (before[rank] ?? Infinity)))
      .toEqual(ranks.map(() => true));
    for (const worker of await dashboard.recordedWorkers()) {
      expect(worker).toMatchObject({ firstStep: 10, gaps: 0 });
    }
  };

  it('is launched and drawn, one line per worker', async () => {
    await code.run('Rankwise: Start Practice Cluster');
    await code.row(/^practice4.*load/).waitFor();
    instance = (await practiceRecord(code.stateDirectory))!.instance;
    await code.run('Rankwise: Launch…');
    await choose(code.page, 'digits');
    dashboard = await DashboardReader.find(code.page, 'digits #1');
    await growsFrom([0, 0, 0, 0]);
    await expect.poll(async () => (await dashboard.drawnPixels()).every((pixels) => pixels > 100)).toBe(true);
    expect((await dashboard.workers()).map(({ host }) => host)).toEqual(
      ranks.map((rank) => `practice${rank + 1}`),
    );
  });

  it('goes on while the window is reloaded', async () => {
    const before = await points();
    const pids = code.server.extensionHostPids();
    await code.reload();
    dashboard = await DashboardReader.find(code.page, 'digits #1');
    await growsFrom(before);
    await expect.poll(() => code.server.extensionHostPids().filter((pid) => pids.includes(pid))).toEqual([]);
  });

  it('is the same run with the same points after the extension host was killed', async () => {
    const before = await points();
    const killed = code.killExtensionHost();
    expect(killed).toHaveLength(1);
    await code.closePage();
    await code.reopen();
    await code.openSideBar();
    await code.row(/^digits #1.*running/).waitFor();
    await code.run('Rankwise: Open Dashboard');
    dashboard = await DashboardReader.find(code.page, 'digits #1');
    await growsFrom(before);
    expect(code.server.extensionHostPids()).not.toContain(killed[0]);
  });

  it('is stopped with no process left, and every line that was printed is a set of points', async () => {
    expect(runProcesses().length).toBeGreaterThanOrEqual(4);
    await dashboard.stop();
    await expect.poll(() => dashboard.state()).toBe('stopped');
    expect(runProcesses()).toEqual([]);
    await code.picture('stopped');
    const lines = await Promise.all(
      ranks.map(
        async (rank) => (await readFile(join(truth, `rank-${rank}.log`), 'utf8')).match(/\bstep=/g)?.length,
      ),
    );
    // loss, accuracy, throughput, compute_time, wait_time
    await expect.poll(points).toEqual(lines.map((count) => (count ?? NaN) * 5));
  });

  it('leaves nothing when the practice cluster is stopped', async () => {
    await code.run('Rankwise: Stop Practice Cluster');
    await expect.poll(practiceProcesses).toEqual([]);
    await expect.poll(() => practiceRecord(code.stateDirectory)).toBeUndefined();
  });
});
