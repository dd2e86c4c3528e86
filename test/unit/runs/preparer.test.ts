import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/logger';
import { isPreparing, thisPreparer, type Preparer } from '../../../src/runs/preparer';
import { Registry } from '../../../src/runs/registry';
import { RunManager } from '../../../src/runs/runManager';
import { thisMachinePlan, thisMachineSsh } from '../../support/thisMachineRuns';

const here = thisPreparer();
const name = hostname();
const boot = here.machine?.boot ?? '';
/** A process of this machine that has ended. */
const ended: Preparer = { ...here, pid: spawnSync('true').pid };

describe('whether a launch may still go on', () => {
  it.each<[string, boolean, Preparer]>([
    ['this process', true, here],
    ['a process that has ended', false, ended],
    ['one whose number went to another', false, { ...here, startTime: '1' }],
    ['one from before this machine booted', false, { ...here, machine: { name, boot: 'earlier' } }],
    ['one on another machine', true, { ...ended, machine: { name: `not-${name}`, boot: 'other' } }],
    ['one in another container of this kernel', true, { ...ended, machine: { name: `not-${name}`, boot } }],
    ['this process, noted by an older version', true, { pid: here.pid, startTime: here.startTime }],
    ['an ended one, noted by an older version', false, { pid: ended.pid, startTime: ended.startTime }],
  ])('%s: %s', (_, may, preparer) => expect(isPreparing(preparer)).toBe(may));
});

describe('a run that another machine launches, in a state directory that both share', () => {
  let root: string;
  let closing: { dispose(): void }[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rankwise-preparer-'));
    closing = [];
  });
  afterEach(() => {
    for (const one of closing) one.dispose();
    rmSync(root, { recursive: true });
  });

  const registry = (): Registry => new Registry(root, silentLogger);
  function managerOf(preparedBy: Preparer): RunManager {
    registry().save({
      version: 1,
      id: 'one',
      number: 1,
      launch: 'train',
      startedAt: 0,
      preparedBy,
      plan: {
        ...thisMachinePlan('one'),
        processes: [
          { id: '0', host: 'node1', role: 'worker', argv: ['true'], env: {}, cwd: '~', tags: 'none' },
        ],
        np: 1,
        workers: [{ id: 'node1/0', host: 'node1', localIndex: 0, rank: 0 }],
      },
    });
    const ssh = thisMachineSsh(root);
    const runs = new RunManager(root, ssh, silentLogger, () => Promise.resolve(undefined));
    closing.push(runs, ssh);
    return runs;
  }
  const elsewhere: Preparer = { ...ended, machine: { name: `not-${name}`, boot: 'other' } };

  it('is not settled from here, though no such process is here', async () => {
    const run = managerOf(elsewhere).require('one');
    run.attach();
    // Then it has been decided what that means.
    await expect
      .poll(() => run.view.contact['node1'])
      .toMatchObject({ reason: expect.stringContaining('directory is missing') as string });
    expect(run.view.state).toMatchObject({ step: expect.stringContaining('in another') as string });
    expect(registry().read('one')).toMatchObject({ preparedBy: elsewhere });
    expect(registry().read('one')?.final).toBeUndefined();
  });

  it('is settled where this machine launched it and the process has ended', async () => {
    const run = managerOf(ended).require('one');
    run.attach();
    await expect.poll(() => run.view.state, { timeout: 20_000 }).toMatchObject({ by: 'failedToStart' });
  });

  it('is settled by a stop from here', async () => {
    const runs = managerOf(elsewhere);
    expect(await runs.stop('one', () => undefined)).toEqual([]);
    expect(registry().read('one')?.final).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
  }, 40_000);
});
