import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oldRuns } from '../../../../src/runs/leaves/cleanRuns';
import { gitState } from '../../../../src/runs/leaves/gitState';
import { parseHyperparameters } from '../../../../src/runs/leaves/hyperparameters';
import { parseVersions } from '../../../../src/runs/leaves/packageVersions';
import type { RunState, RunView } from '../../../../src/runs/model';

describe('settings that a program printed', () => {
  it.each([
    [
      "INFO:root:start with arguments Namespace(batch_size=128, lr=0.05, lr_step_epochs='200,250', network='resnet')",
      { batch_size: '128', lr: '0.05', lr_step_epochs: '200,250', network: 'resnet' },
    ],
    [
      "noise\n\u001b[32mNamespace(shape=(3, 28, 28), names=[\"a)\", 'b'], note='it\\'s, so')\u001b[0m\nEpoch",
      { shape: '(3, 28, 28)', names: `["a)", 'b']`, note: "it's, so" },
    ],
    ['Namespace(a=1,\n          b=None)', { a: '1', b: 'None' }],
    ['Namespace(a=1, b', undefined],
    ['Namespace()', undefined],
    ['Namespace(what is this)', undefined],
    [`${'line\n'.repeat(250)}Namespace(a=1)`, undefined],
    ['', undefined],
  ])('%j', (log, expected) => expect(parseHyperparameters(log)).toEqual(expected));
});

it('reads versions between other output', () => {
  const text = 'Welcome\n@t Python 3.11.2\n@t torch 2.1.0+cpu\n@x torch 1\n@t absent -\n';
  expect(parseVersions(text, '@t')).toEqual({ Python: '3.11.2', torch: '2.1.0+cpu', absent: null });
});

describe('the state of a repository', () => {
  let folder: string;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rankwise-git-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is none outside of one, and before the first commit', async () => {
    expect(await gitState(folder)).toBeUndefined();
    git('init', '-q');
    expect(await gitState(folder)).toBeUndefined();
  });

  it('has commit, branch and difference, and runs no program that the repository names', async () => {
    git('init', '-q', '-b', 'trunk');
    writeFileSync(join(folder, 'train.py'), 'lr = 1\n');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    const clean = await gitState(folder);
    expect(clean).toEqual({
      commit: git('rev-parse', 'HEAD').trim(),
      branch: 'trunk',
      isDirty: false,
      diff: '',
      isDiffCut: false,
    });
    writeFileSync(join(folder, 'train.py'), 'lr = 2\n');
    const escaped = join(folder, 'escaped');
    for (const name of ['diff.external', 'core.fsmonitor', 'diff.bad.textconv'])
      git('config', name, `touch ${escaped}; true`);
    writeFileSync(join(folder, '.git/info/attributes'), '*.py diff=bad\n');
    const dirty = await gitState(folder);
    expect(dirty).toMatchObject({ isDirty: true, isDiffCut: false });
    expect(dirty?.diff).toContain('-lr = 1\n+lr = 2\n');
    expect(existsSync(escaped)).toBe(false);
    writeFileSync(join(folder, 'train.py'), 'x = 1\n'.repeat(100_000));
    const large = await gitState(folder);
    expect([large?.isDiffCut, large?.diff.length]).toEqual([true, 256 << 10]);
  });
});

describe('runs that are not kept', () => {
  const day = 86_400_000;
  const now = 100 * day;
  const ended: RunState = {
    kind: 'ended',
    exit: { code: 0, process: undefined },
    by: 'itself',
    proven: true,
  };
  const run = (id: string, daysAgo: number, state: RunState = ended): RunView =>
    ({
      id,
      state,
      startedAt: now - (daysAgo + 1) * day,
      endedAt: state === ended ? now - daysAgo * day : undefined,
    }) as RunView;
  const idsOf = (runs: readonly RunView[]): string[] => runs.map(({ id }) => id);

  it('are old, or beyond the number, the oldest first; never one that may run', () => {
    const runs = [
      run('new', 1),
      run('older', 40),
      run('open', 90, { kind: 'running' }),
      run('old', 31),
      run('fair', 29),
    ];
    expect(idsOf(oldRuns(runs, { days: 30, count: 200 }, now))).toEqual(['older', 'old']);
    expect(idsOf(oldRuns(runs, { days: 30, count: 1 }, now))).toEqual(['older', 'old', 'fair']);
    expect(oldRuns(runs, { days: 99, count: 9 }, now)).toEqual([]);
  });
});
