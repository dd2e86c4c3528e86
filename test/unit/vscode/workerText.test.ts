import { describe, expect, it } from 'vitest';
import { summarize } from '../../../src/vscode/text/runSummary';
import { workerRow } from '../../../src/vscode/text/workerText';
import { metrics, run, worker } from './samples';

const slow = summarize(
  metrics({ 'node2/0': { throughput: { value: 118, step: 400 } } }, [
    { worker: 'node2/0', behind: 0.24, sinceStep: 200 },
  ]),
).workers.get('node2/0');

describe('the row of a worker', () => {
  it('names the host, the rate, the step and how far behind it is', () => {
    const row = workerRow(run(), worker('node2', 3), slow);
    expect(row.label).toBe('rank 3');
    expect(row.description).toBe('24 % slower · node2 · 118/s · step 400');
    expect(row.icon.id).toBe('warning');
    expect(row.tooltip).toBe('rank 3 (node2/0)\n24 % slower than the median\n118 samples/s · step 400');
  });

  it('does not call a worker slow that has ended', () => {
    const ended = worker('node2', 3, { state: { kind: 'exited', code: 0, at: 0 } });
    expect(workerRow(run(), ended, slow).description).toBe('finished · node2 · step 400');
  });

  it('uses the id until the rank is known', () => {
    const row = workerRow(run(), worker('node2', undefined, { state: { kind: 'waiting' } }), undefined);
    expect(row.label).toBe('node2/0');
    expect(row.description).toBe('waiting to start · node2');
  });

  it('does not call a worker failed that a person stopped', () => {
    const interrupted = worker('node2', 1, { state: { kind: 'exited', code: 130, at: 0 } });
    const exit = { code: 130, process: 'node2/0' };
    const stopped = run({ state: { kind: 'ended', exit, by: 'stop', proven: true } });
    const failed = run({ state: { kind: 'ended', exit, by: 'itself', proven: true } });
    expect(workerRow(stopped, interrupted, undefined).icon.id).toBe('circle-slash');
    expect(workerRow(failed, interrupted, undefined).icon.id).toBe('error');
  });

  it('calls only the worker failed that was the cause', () => {
    const exit = { code: 3, process: 'node1/0' };
    const failed = run({ state: { kind: 'ended', exit, by: 'workerExit', proven: true } });
    const cause = worker('node1', 0, { state: { kind: 'exited', code: 3, at: 0 } });
    const other = worker('node2', 1, { state: { kind: 'exited', code: 130, at: 1 } });
    expect(workerRow(failed, cause, undefined)).toMatchObject({
      description: 'exit 3 · node1',
      icon: { id: 'error' },
    });
    const row = workerRow(failed, other, undefined);
    expect(row).toMatchObject({ description: 'stopped · node2', icon: { id: 'circle-slash' } });
    expect(row.tooltip).toContain('exit 130 (interrupted)');
  });

  it('says why a worker ended and since when its log has a hole', () => {
    const failed = worker('node2', 1, { state: { kind: 'exited', code: 127, at: 0 }, incompleteSince: 4096 });
    const row = workerRow(run(), failed, undefined);
    expect(row.description).toBe('log incomplete · exit 127 (command not found) · node2');
    expect(row.tooltip).toContain('incomplete since byte 4,096: is the disk full?');
  });
});
