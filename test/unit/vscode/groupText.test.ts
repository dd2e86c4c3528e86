import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/cluster/preflight/checks';
import type { GroupView, TrialView } from '../../../src/runs/trials/groupView';
import { findingsText, skippableChecks } from '../../../src/text/findingsText';
import { groupRow, trialRow } from '../../../src/vscode/text/groupText';
import { runRow, runTitle } from '../../../src/vscode/text/runText';
import { run } from './samples';

function trial(change: Partial<TrialView> = {}): TrialView {
  return {
    id: 'lr-0.1-1',
    label: 'lr 0.1 · run 1 of 2',
    values: { lr: '0.1' },
    repeat: 1,
    state: 'queued',
    attempts: 0,
    queuedAt: 1_000_000,
    ...change,
  };
}

function group(change: Partial<GroupView> = {}): GroupView {
  return {
    id: 'g',
    launch: 'unet',
    cluster: 'lab',
    queuedAt: 1_000_000,
    endedAt: undefined,
    isOver: false,
    trials: [],
    counts: { queued: 3, running: 2, done: 4, failed: 1, skipped: 0, stopped: 0 },
    ...change,
  };
}

describe('the row of a group', () => {
  it('counts its trials, what failed first', () => {
    const row = groupRow(group(), 1_060_000);
    expect(row).toMatchObject({ label: 'unet', contextValue: 'activeGroup' });
    expect(row.description).toBe('failed 1 · running 2 · queued 3 · done 4 · 1:00');
  });

  it('says how it went once it is over, and why trials failed', () => {
    const counts = { queued: 0, running: 0, done: 1, failed: 1, skipped: 0, stopped: 0 };
    const trials = [trial({ state: 'failed', message: 'exit 3 on node2' }), trial({ state: 'done' })];
    const over = group({ isOver: true, endedAt: 1_030_000, counts, trials });
    const row = groupRow(over, 9_000_000);
    expect(row).toMatchObject({ contextValue: 'endedGroup', icon: { id: 'error' } });
    expect(row.description).toBe('failed 1 · done 1 · 0:30');
    expect(row.tooltip).toContain('lr 0.1 · run 1 of 2: exit 3 on node2');
  });

  it('names a trial by what differs; the run keeps its title in the hover', () => {
    const own = {
      id: 'g',
      trial: 'lr-0.1-1',
      label: 'lr 0.1 · run 1 of 2',
      repeat: 1,
      values: { lr: '0.1' },
    };
    const row = runRow(run({ group: own }), undefined, 1_005_000);
    expect(row.label).toBe('lr 0.1 · run 1 of 2');
    expect(row.tooltip).toMatch(/^digits #14: running/);
    expect(trialRow(trial({ state: 'skipped', message: 'asks for 9 of 4 hosts' })).description).toBe(
      'skipped · asks for 9 of 4 hosts',
    );
  });
});

it('puts the name that its person gave into the title of a run', () => {
  expect(runTitle(run({ name: 'warm-up' }))).toBe('digits #14 warm-up');
});

describe('what was found before a start', () => {
  const finding = (change: Partial<Finding>): Finding => ({
    check: 'disk',
    severity: 'error',
    host: 'node1',
    reason: 'only 10 MiB are free',
    ...change,
  });

  it('is grouped by severity and check, with equal reasons and steps once', () => {
    const nextStep = 'Free space.';
    const text = findingsText('digits', [
      finding({ check: 'gpus', severity: 'warning', reason: 'GPU 0 is in use' }),
      finding({ nextStep }),
      finding({ host: 'node2', nextStep }),
    ]);
    expect(text.replaceAll('\n\n', '\n').split('\n')).toEqual([
      '# Checks before the start of digits',
      'Nothing was started.',
      '## In the way',
      '### disk',
      '* 2 hosts (node1, node2): only 10 MiB are free',
      '* → Free space.',
      '## Warnings',
      '### gpus',
      '* node1: GPU 0 is in use',
      '',
    ]);
  });

  it('can be left out only where the launch could do without it', () => {
    expect(skippableChecks([finding({}), finding({ check: 'gpus', severity: 'warning' })])).toEqual(['disk']);
    expect(skippableChecks([finding({}), finding({ check: 'reachable' })])).toEqual([]);
  });
});
