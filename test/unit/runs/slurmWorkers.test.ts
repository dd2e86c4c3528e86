import { describe, expect, it } from 'vitest';
import { otherLogs } from '../../../src/runs/deriveState';
import type { ProcessRecord } from '../../../src/runs/hostRecord';
import { deriveTasks } from '../../../src/runs/slurm/slurmWorkers';
import { plan } from '../vscode/samples';

const record = (id: string, changes: Partial<ProcessRecord> = {}): ProcessRecord => ({
  id,
  started: false,
  attempt: 1,
  rank: undefined,
  exit: undefined,
  gone: false,
  logBytes: 5,
  incompleteSince: undefined,
  ...changes,
});
const slurm = { script: 'login/job.sbatch', hasRecords: false, pollSeconds: 30 };
const own = plan({
  processes: [{ id: 'submit', host: 'login', role: 'launcher', argv: [], env: {}, cwd: '~' }],
  workers: [],
  slurm,
});
const generated = { ...own, slurm: { ...slurm, hasRecords: true } };
const head = (...ids: string[]): Map<string, ProcessRecord[]> =>
  new Map([['login', ids.map((id) => record(id))]]);
const seen = (...args: Parameters<typeof deriveTasks>): unknown[] =>
  deriveTasks(...args).map(({ id, rank, state }) => [id, rank, state.kind]);

describe('the workers of a job of Slurm', () => {
  it("are the user's own script where that starts no tasks, in an array one for each task", () => {
    expect(seen(own, head('submit', 'batch', 'batch-err'), undefined)).toEqual([
      ['login/batch', 0, 'running'],
    ]);
    expect(seen(own, head('batch'), { code: 3, at: 1 })).toEqual([['login/batch', 0, 'exited']]);
    expect(seen(own, head('submit', 'batch-10', 'batch-2', 'batch-2-err'), undefined)).toEqual([
      ['login/batch-2', 0, 'running'],
      ['login/batch-10', 1, 'running'],
    ]);
  });

  it('are the tasks where there are any; the log of the script is one of the others', () => {
    const records = head('submit', 'batch', 'batch-err', '0-0', '0-1');
    const workers = deriveTasks(own, records, undefined);
    expect(workers.map(({ id }) => id)).toEqual(['login/0-0', 'login/0-1']);
    expect(otherLogs(own, records, workers)).toEqual(['login/batch', 'login/batch-err']);
  });

  it('have ranks of their own across the tasks of an array', () => {
    expect(seen(generated, head('batch-3', '3-0', '3-1', '10-0'), undefined)).toEqual([
      ['login/3-0', 0, 'waiting'],
      ['login/3-1', 1, 'waiting'],
      ['login/10-0', 2, 'waiting'],
    ]);
    expect(seen(generated, head('batch', '0', '1'), undefined).map((one) => (one as unknown[])[1])).toEqual([
      0, 1,
    ]);
  });
});
