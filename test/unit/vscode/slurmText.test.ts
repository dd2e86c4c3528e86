import { describe, expect, it } from 'vitest';
import type { SlurmJob } from '../../../src/cluster/slurm/readSlurmCluster';
import { formatTimeOfDay } from '../../../src/text/format';
import { jobRow, partitionRow, slurmRow } from '../../../src/vscode/text/slurmText';

const start = Date.UTC(2026, 4, 4, 14, 20);
const job: SlurmJob = {
  id: '48220',
  partition: 'gpu',
  state: 'PENDING',
  nodes: 2,
  reason: 'Resources',
  start,
  used: '0:00',
  timeLimit: '1:00:00',
};
const partition = {
  name: 'gpu',
  isUp: true,
  timeLimit: '1-00:00:00',
  nodes: { allocated: 18, idle: 12, other: 2, total: 32 },
  gres: ['gpu:2'],
};

describe('rows of Slurm', () => {
  it('count partitions and jobs of mine', () => {
    const view = { partitions: [partition], jobs: [job, job] };
    const row = slurmRow('uni', 'login', {
      asking: false,
      view,
      at: start,
      site: undefined,
      failure: undefined,
    });
    expect(row.description).toBe(`Slurm · 1 partition · 2 of my jobs · seen ${formatTimeOfDay(start)}`);
  });

  it('say first why there is no answer, and keep what was seen before', () => {
    const failure = { reason: 'Slurm does not answer on login: timed out', code: 'slurm.noAnswer' };
    const view = { partitions: [partition], jobs: [] };
    const row = slurmRow('uni', 'login', { asking: true, view, at: start, site: undefined, failure });
    expect(row.description).toMatch(/^Slurm · Slurm does not answer on login: timed out · 1 partition/);
    expect(row.icon.id).toBe('warning');
  });

  it('say how much of a partition is idle, and whether it is down', () => {
    expect(partitionRow(partition).description).toBe('12 of 32 nodes idle · gpu:2');
    expect(partitionRow({ ...partition, isUp: false, gres: [] }).description).toBe(
      'down · 12 of 32 nodes idle',
    );
  });

  it('say why a job waits and when it is expected to start', () => {
    expect(jobRow(job).description).toBe(
      `pending: Resources, starts ~${formatTimeOfDay(start)} · gpu · 2 nodes`,
    );
    const running = { ...job, state: 'RUNNING', used: '2:41', nodes: 1 };
    expect(jobRow(running)).toMatchObject({ label: '48220', description: 'running 2:41 · gpu · 1 node' });
  });
});
