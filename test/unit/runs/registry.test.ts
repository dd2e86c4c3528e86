import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import { emptyPlan, type Plan } from '../../../src/launch/plan';
import { writingState } from '../../../src/base/stateDir';
import { Registry } from '../../../src/runs/registry';
import { RunNumbers } from '../../../src/runs/runNumbers';
import { GroupStore } from '../../../src/runs/trials/groupStore';

const stateDir = mkdtempSync(join(tmpdir(), 'rankwise-registry-'));
afterAll(() => rmSync(stateDir, { recursive: true }));

it('says which directory cannot be written, why, and the way out', () => {
  writeFileSync(join(stateDir, 'file'), '');
  const refused = (stateDir: string, reason: string): Error =>
    expect.objectContaining({
      code: 'state.notWritable',
      message: `the state of Rankwise cannot be written in ${stateDir}: ${reason}`,
      nextStep: expect.stringContaining('RANKWISE_STATE_DIR') as string,
    }) as Error;
  const below = join(stateDir, 'file', 'state');
  expect(() => new Registry(below, silentLogger)).toThrow(refused(below, 'a part of its path is a file'));
  expect(() => new GroupStore(below, silentLogger)).toThrow(refused(below, 'a part of its path is a file'));

  const gone = join(stateDir, 'gone');
  mkdirSync(gone);
  const registry = new Registry(gone, silentLogger);
  const numbers = new RunNumbers(gone);
  rmSync(gone, { recursive: true });
  writeFileSync(gone, '');
  expect(() => numbers.take('long', 1)).toThrow(refused(gone, 'a part of its path is a file'));
  const plan = { hosts: [] } as unknown as Plan;
  expect(() => registry.save({ version: 1, id: 'a', number: 1, launch: 'x', plan, startedAt: 0 })).toThrow(
    refused(gone, 'a part of its path is a file'),
  );
});

it('says that the disk is full', () => {
  const full = (): void => writeFileSync('/dev/full', 'x');
  expect(() => writingState('/state', full)).toThrow(/in \/state: its disk is full$/);
});

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
