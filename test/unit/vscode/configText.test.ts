import { describe, expect, it } from 'vitest';
import type { FileProblem } from '../../../src/config/model';
import type { HostStatus } from '../../../src/core';
import { clusterRow, practiceRow } from '../../../src/vscode/text/clusterText';
import { formatBytes, formatCompactRate } from '../../../src/text/format';
import { groupHosts } from '../../../src/vscode/text/hostGroups';
import { hostRow } from '../../../src/vscode/text/hostText';
import { launchRow, problemRow } from '../../../src/vscode/text/launchText';
import { clusterProblems, launchProblems } from '../../../src/vscode/text/problemSplit';
import { statusText } from '../../../src/vscode/text/statusText';
import { clusterModel, configModel, hostModel, launchModel, lines } from './samples';

function problem(line: number, file = '/w/rankwise.yaml'): FileProblem {
  return { file, code: 'x', severity: 'error', message: `wrong at ${line}`, range: lines(line, line) };
}

const reachable: HostStatus = { kind: 'reachable', cores: 8, gpus: [], load: 1.94, latencyMs: 4.2 };

describe('the row of a launch', () => {
  it('names launcher, cluster and number of workers', () => {
    expect(launchRow(launchModel(), configModel()).description).toBe('mpirun · lab · 4 workers');
    expect(launchRow(launchModel({ np: 1 }), configModel()).description).toBe('mpirun · lab · 1 worker');
  });

  it('leaves the number out where only the hosts know it', () => {
    const config = configModel({
      clusters: [clusterModel({ hosts: [{ ...hostModel('a'), slots: undefined }] })],
    });
    expect(launchRow(launchModel(), config).description).toBe('mpirun · lab');
    expect(launchRow(launchModel({ launcher: 'ssh' }), config).description).toBe('ssh · lab · 1 worker');
  });

  it('names the matrix and the repeats instead of the workers', () => {
    const matrix = { axes: { lr: ['0.1', '0.01'], nodes: ['1', '2'] }, include: [], exclude: [] };
    const launch = launchModel({ launcher: 'slurm', matrix, repeat: 3 });
    expect(launchRow(launch, configModel()).description).toBe('slurm · lab · matrix 2 × 2, 3 repeats');
  });

  it('counts no workers where a script or a driver decides', () => {
    const { slurm } = launchModel();
    const script = launchModel({ launcher: 'slurm', nodes: 2, slurm: { ...slurm, script: 'job.sbatch' } });
    expect(launchRow(script, configModel())).toMatchObject({ description: 'slurm · lab · 2 nodes' });
    expect(launchRow(script, configModel()).tooltip).toContain('sbatch job.sbatch');
    expect(launchRow(launchModel({ launcher: 'ray' }), configModel()).description).toBe('ray · lab');
  });

  it('counts the problems inside it', () => {
    const row = launchRow(launchModel(), configModel({ problems: [problem(6), problem(20)] }));
    expect(row.description).toBe('mpirun · lab · 4 workers · 1 problem');
    expect(row.icon.id).toBe('error');
    const warning = configModel({ problems: [{ ...problem(6), severity: 'warning' }] });
    expect(launchRow(launchModel(), warning).icon.id).toBe('warning');
  });
});

describe('rows of what is wrong', () => {
  const config = configModel({
    problems: [problem(2), problem(21), problem(22), problem(0), problem(3, '/w/hosts')],
    broken: [
      { kind: 'cluster', name: 'uni', range: lines(2, 4) },
      { kind: 'launch', name: 'scaling', range: lines(20, 24) },
    ],
  });

  it('name a broken launch and point to its first error', () => {
    const [scaling, loose, ...others] = launchProblems(config);
    expect(scaling).toMatchObject({ name: 'scaling', problem: { message: 'wrong at 21' }, more: 1 });
    expect(loose).toMatchObject({ name: undefined, problem: { message: 'wrong at 0' } });
    expect(others).toEqual([]);
    expect(scaling && problemRow(scaling, 'rankwise.yaml')).toMatchObject({
      label: 'scaling',
      description: 'wrong at 21 · and 1 more problem · rankwise.yaml:22',
      icon: { id: 'error' },
    });
  });

  it('show hostfiles among the clusters', () => {
    expect(clusterProblems(config).map(({ name, problem: { file } }) => [name, file])).toEqual([
      ['uni', '/w/rankwise.yaml'],
      [undefined, '/w/hosts'],
    ]);
  });

  it('point a launch whose error is elsewhere to that error', () => {
    const elsewhere = configModel({
      problems: [problem(3, '/w/hosts')],
      broken: [{ kind: 'launch', name: 'scaling', range: lines(20, 24) }],
    });
    expect(launchProblems(elsewhere)).toMatchObject([{ name: 'scaling', problem: { file: '/w/hosts' } }]);
  });
});

describe('rows of clusters and hosts', () => {
  it('count what answered', () => {
    const status = (host: string): HostStatus =>
      host === 'node1' ? reachable : { kind: 'unreachable', reason: 'refused', code: 'ssh.refused' };
    const checkedAt = new Date(2026, 0, 1, 12, 9).getTime();
    expect(clusterRow(clusterModel(), status, checkedAt).description).toBe(
      '2 hosts · 4 slots · 1 reachable · checked 12:09',
    );
    expect(clusterRow(clusterModel(), () => ({ kind: 'unknown' }), undefined).description).toBe(
      '2 hosts · 4 slots',
    );
  });

  it('say what a host has, or why it cannot be reached', () => {
    expect(hostRow(hostModel('node1'), reachable, false).description).toBe(
      '2 slots · 8 cores · load 1.9 · 4 ms',
    );
    const gpus = [0, 1].map((index) => ({ index, name: 'A100' }));
    expect(hostRow(hostModel('node1'), { ...reachable, gpus }, false).description).toContain('2 GPU');
    const refused: HostStatus = {
      kind: 'unreachable',
      reason: 'node1 refused the connection (10.0.0.1 port 22)',
      code: 'ssh.refused',
    };
    expect(hostRow(hostModel('node1'), refused, false)).toMatchObject({
      description: 'unreachable: refused the connection (10.0.0.1 port 22)',
      contextValue: 'unreachableHost',
    });
    expect(hostRow(hostModel('node1'), refused, true).contextValue).toBe('unreachablePracticeHost');
    expect(hostRow(hostModel('node1'), reachable, true).contextValue).toBe('practiceHost');
  });

  it('group many hosts by state and range, each host once', () => {
    const hosts = Array.from({ length: 250 }, (_, index) => hostModel(`n${index}`));
    const groups = groupHosts(hosts, (host) =>
      host === 'n7' ? { kind: 'unreachable', reason: '', code: '' } : { kind: 'unknown' },
    );
    expect(groups?.map(({ label, hosts: members }) => [label, members.length])).toEqual([
      ['unreachable', 1],
      ['n0 – n99', 99],
      ['n100 – n199', 100],
      ['n200 – n249', 50],
    ]);
    expect(groupHosts(hosts.slice(0, 200), () => ({ kind: 'unknown' }))).toBeUndefined();
  });

  it('say what the practice cluster does', () => {
    expect(practiceRow({ kind: 'failed', reason: 'no sh' })).toMatchObject({
      description: 'could not start: no sh',
      contextValue: 'practiceFailed',
    });
  });
});

it('rates and sizes keep three significant places', () => {
  expect([7.345, 118, 1240, 24_124, 3_200_000].map(formatCompactRate)).toEqual([
    '7.35',
    '118',
    '1.24k',
    '24.1k',
    '3.2M',
  ]);
  expect([1, 812, 8138, 1_240_000].map(formatBytes)).toEqual(['1 byte', '812 bytes', '8.14 KB', '1.24 MB']);
});

it('the status bar counts runs and shows the rate of the only one', () => {
  expect(statusText(1, 1240.3)).toBe('1 run · 1,240/s');
  expect(statusText(2, undefined)).toBe('2 runs');
});
