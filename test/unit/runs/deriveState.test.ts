import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/launch/plan';
import { planSsh } from '../../../src/launch/sshLauncher';
import { deriveOutcome, deriveWorkers, firstFailure, incompleteLogs } from '../../../src/runs/deriveState';
import { parseRecord, type ProcessRecord } from '../../../src/runs/hostRecord';
import { hostsWith, specOf } from '../../support/launchSpecs';

const plan = planSsh(specOf(hostsWith(1, 1), {}));
const withLauncher: Plan = {
  ...plan,
  processes: [{ id: 'launcher', host: 'node1', role: 'launcher', argv: [], env: {}, cwd: '~' }],
};
const record = (changes: Partial<ProcessRecord>): ProcessRecord => ({
  id: '0',
  started: true,
  attempt: 1,
  rank: undefined,
  exit: undefined,
  gone: false,
  logBytes: 0,
  incompleteSince: undefined,
  ...changes,
});
const records = (
  node1: Partial<ProcessRecord>[],
  node2: Partial<ProcessRecord>[],
): Map<string, ProcessRecord[]> =>
  new Map([
    ['node1', node1.map(record)],
    ['node2', node2.map(record)],
  ]);
const exit = (code: number, at: number): Partial<ProcessRecord> => ({ exit: { code, at } });

describe('the state of a run', () => {
  it('is running until every planned process has an exit record', () => {
    expect(deriveOutcome(plan, records([], []))).toEqual({ kind: 'running' });
    expect(deriveOutcome(plan, records([exit(0, 5)], [{}]))).toEqual({ kind: 'running' });
    expect(deriveOutcome(plan, records([exit(0, 5)], [exit(0, 7)]))).toEqual({
      kind: 'ended',
      exit: { code: 0, process: undefined },
      endedAt: 7,
    });
  });

  it('names the incomplete logs of what is no worker: a worker has its own', () => {
    const found = records([{ id: 'launcher', incompleteSince: 7 }, { incompleteSince: 5 }], [{}]);
    expect(incompleteLogs(found, deriveWorkers(withLauncher, found))).toEqual({ 'node1/launcher': 7 });
  });

  it('is running while a process runs that nobody planned', () => {
    expect(deriveOutcome(plan, records([exit(0, 5), { id: '1' }], [exit(0, 7)]))).toEqual({
      kind: 'running',
    });
  });

  it('blames the earliest failing worker, and the launcher only when no worker failed', () => {
    expect(firstFailure(withLauncher, records([exit(1, 9)], [exit(3, 5)]))).toEqual({
      code: 3,
      process: 'node2/0',
    });
    const launcher = { id: 'launcher', ...exit(2, 1) };
    expect(firstFailure(withLauncher, records([launcher, exit(0, 9)], []))).toEqual({
      code: 2,
      process: 'node1/launcher',
    });
    expect(firstFailure(withLauncher, records([launcher, exit(4, 9)], []))).toEqual({
      code: 4,
      process: 'node1/0',
    });
  });

  it('is gone where a process left no exit record', () => {
    expect(deriveOutcome(plan, records([exit(0, 5)], [{ gone: true }]))).toEqual({
      kind: 'gone',
      hosts: ['node2'],
    });
  });

  it('lists planned workers before they appear, and workers that only appeared', () => {
    const workers = deriveWorkers(plan, records([{}], [{ id: '1', rank: 5 }]));
    expect(workers.map(({ id, rank, state }) => [id, rank, state.kind])).toEqual([
      ['node1/0', 0, 'running'],
      ['node2/0', 1, 'waiting'],
      ['node2/1', 5, 'running'],
    ]);
  });
});

describe('records', () => {
  it('are read through their padding, and nothing in them is executed or trusted', () => {
    expect(parseRecord('code=0\nepoch=12\n#            \n')).toEqual(
      new Map([
        ['code', '0'],
        ['epoch', '12'],
      ]),
    );
    expect(parseRecord('garbage\n\0\nA=1\nrank=$(id) x\n')).toEqual(new Map());
  });
});
