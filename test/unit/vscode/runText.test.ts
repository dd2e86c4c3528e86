import { describe, expect, it } from 'vitest';
import type { RunState } from '../../../src/runs/model';
import { formatTimeOfDay } from '../../../src/text/format';
import { canStop, runRow, stopStep } from '../../../src/vscode/text/runText';
import { summarize } from '../../../src/vscode/text/runSummary';
import { metrics, run, worker } from './samples';

const startedAt = 1_000_000;
const now = startedAt + (12 * 60 + 40) * 1000;
const numbers = summarize(
  metrics({
    'node1/0': { throughput: { value: 620 }, accuracy: { value: 0.7 } },
    'node2/0': { throughput: { value: 620.4 }, accuracy: { value: 0.72 } },
  }),
);

describe('the row of a run', () => {
  it('says what a running run does', () => {
    const row = runRow(run(), numbers, now);
    expect(row.label).toBe('digits #14');
    expect(row.description).toBe('running 12:40 · 2/2 · 1.24k/s · acc 0.71');
    expect(row.tooltip).toContain('1,240 samples/s');
    expect(row.contextValue).toBe('activeRun');
  });

  it('counts only workers that run', () => {
    const waiting = worker('node2', 1, { state: { kind: 'waiting' } });
    expect(runRow(run({ workers: [worker('node1', 0), waiting] }), undefined, now).description).toBe(
      'running 12:40 · 1/2',
    );
  });

  it('shows contact beside the state', () => {
    const since = startedAt + 5000;
    const contact = { node3: { kind: 'unreachable', since, reason: 'no heartbeat' } } as const;
    const row = runRow(run({ contact }), undefined, now);
    expect(row.description).toBe(`running 12:40 · node3 unreachable since ${formatTimeOfDay(since)} · 2/2`);
    expect(row.tooltip).toContain('node3: no heartbeat');
    expect(row.icon.id).toBe('warning');
  });

  it.each<[RunState, string, string]>([
    [{ kind: 'preparing', step: 'copying files' }, 'preparing: copying files', 'loading~spin'],
    [{ kind: 'queued', reason: 'Resources' }, 'queued: Resources', 'clock'],
    [
      { kind: 'stopping', step: 'waiting after SIGINT', deadline: now + 4200 },
      'stopping: waiting after SIGINT, 5 s left · 2/2',
      'loading~spin',
    ],
    [
      { kind: 'ended', exit: { code: 0, process: undefined }, by: 'itself', proven: true },
      'finished in 0:41 · acc 0.71',
      'pass',
    ],
    [
      { kind: 'ended', exit: { code: 137, process: 'node2/0' }, by: 'workerExit', proven: true },
      'exit 137 (killed) on rank 1 (node2) · 0:41 · acc 0.71',
      'error',
    ],
    [
      { kind: 'ended', exit: { code: 143, process: 'node1/0' }, by: 'stop', proven: true },
      'stopped after 0:41 · acc 0.71',
      'circle-slash',
    ],
    [
      { kind: 'ended', exit: { code: 143, process: 'node1/0' }, by: 'stop', proven: false },
      'stopped after 0:41 · not proven stopped · acc 0.71',
      'warning',
    ],
    [
      {
        kind: 'ended',
        exit: { code: 1, process: undefined },
        by: 'failedToStart',
        message: 'node2: disk full',
        proven: true,
      },
      'failed to start: node2: disk full · acc 0.71',
      'error',
    ],
    [{ kind: 'gone', hosts: ['node2'] }, 'gone from node2 · acc 0.71', 'question'],
  ])('%j', (state, description, icon) => {
    const row = runRow(run({ state, endedAt: startedAt + 41_000 }), numbers, now);
    expect(row.description).toBe(description);
    expect(row.icon.id).toBe(icon);
    const ofKind: Partial<Record<RunState['kind'], string>> = {
      ended: 'endedRun',
      gone: 'goneRun',
      stopping: 'stoppingRun',
    };
    expect(row.contextValue).toBe(ofKind[state.kind] ?? 'activeRun');
  });
});

it('a stop is offered until it is under way, and counts down where it has a limit', () => {
  const stopping = { kind: 'stopping', step: 'waiting for node2 to answer', deadline: undefined } as const;
  expect(canStop({ kind: 'running' })).toBe(true);
  expect(canStop(stopping)).toBe(false);
  expect(stopStep(stopping, now)).toBe('waiting for node2 to answer');
  expect(stopStep({ ...stopping, step: 'SIGINT sent', deadline: now - 1 }, now)).toBe(
    'SIGINT sent, 0 s left',
  );
});

describe('the summary of a run', () => {
  it('takes a number of the whole job for itself', () => {
    const job = { 'node1/0': { throughput: { value: 900, scope: 'job' as const } }, 'node2/0': {} };
    expect(summarize(metrics(job)).throughput).toBe(900);
  });

  it('is empty without points', () => {
    expect(summarize(metrics({ 'node1/0': {} }))).toMatchObject({
      throughput: undefined,
      accuracy: undefined,
    });
  });
});
