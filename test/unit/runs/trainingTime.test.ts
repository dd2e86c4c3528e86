import { expect, it } from 'vitest';
import { parseRecord, type ProcessRecord } from '../../../src/runs/hostRecord';
import { trainingSeconds } from '../../../src/runs/trainingTime';
import { plan } from '../vscode/samples';

const record = (id: string, from: number, to: number, node?: string): ProcessRecord => ({
  id,
  started: true,
  attempt: 1,
  rank: undefined,
  node,
  startedAt: from,
  exit: { code: 0, at: to },
  gone: false,
  logBytes: 0,
  incompleteSince: undefined,
});

it('compares no two clocks: the longest time of one machine by its own', () => {
  const records = new Map([
    ['node1', [record('0', 1000, 3000), record('1', 1500, 3500)]],
    // Two minutes behind.
    ['node2', [record('0', -119_000, -117_300)]],
  ]);
  expect(trainingSeconds(plan(), records)).toBe(2.5);
});

it('takes tasks of Slurm by their nodes, without the submission', () => {
  const processes = [{ id: 'submit', host: 'login', role: 'launcher' as const, argv: [], env: {}, cwd: '~' }];
  const tasks = [record('0', 5000, 6000, 'a'), record('1', 900_000, 903_000, 'b')];
  const records = new Map([['login', [record('submit', 0, 100_000), ...tasks]]]);
  expect(trainingSeconds(plan({ processes }), records)).toBe(3);
});

it('says nothing where nothing is known, or a clock was set back', () => {
  expect(trainingSeconds(plan(), new Map())).toBeUndefined();
  expect(trainingSeconds(plan(), new Map([['node1', [record('0', 2000, 1000)]]]))).toBeUndefined();
  expect(parseRecord('epoch=1.25').get('epoch')).toBe('1.25');
});
