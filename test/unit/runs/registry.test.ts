import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import { emptyPlan, type Plan } from '../../../src/launch/plan';
import { Registry } from '../../../src/runs/registry';

const stateDir = mkdtempSync(join(tmpdir(), 'rankwise-registry-'));
afterAll(() => rmSync(stateDir, { recursive: true }));

it('gives a number of a launch once, also to processes that see the same runs', () => {
  const [one, other] = [new Registry(stateDir, silentLogger), new Registry(stateDir, silentLogger)];
  expect([one.takeNumber('long'), other.takeNumber('long'), one.takeNumber('long')]).toEqual([1, 2, 3]);
  expect(other.takeNumber('../short')).toBe(1);
});

it('goes on after the highest number of a stored run, whoever gave it', () => {
  const registry = new Registry(stateDir, silentLogger);
  const plan: Plan = {
    ...emptyPlan,
    version: 1,
    run: 'a',
    launch: 'old',
    cluster: 'here',
    launcher: 'ssh',
    hosts: [{ name: 'node1', peer: 'node1', target: { host: 'node1' } }],
    files: [],
    processes: [],
    np: 0,
    workers: [],
    sync: [],
    workdir: '~',
    stop: [],
    onWorkerExit: 'stop',
    notes: [],
  };
  registry.save({ version: 1, id: 'a', number: 7, launch: 'old', plan, startedAt: 0 });
  expect(registry.takeNumber('old')).toBe(8);
});
