import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../src/base/emitter';
import type { RunState, RunView } from '../../../src/runs/model';
import { RunLog } from '../../../src/vscode/runLog';
import { RunTransitions, type RunTransition } from '../../../src/vscode/runTransitions';
import { runEnd } from '../../../src/vscode/text/runEndText';
import { runLogLines } from '../../../src/vscode/text/runLogText';
import { summarize } from '../../../src/vscode/text/runSummary';
import { metrics, run } from './samples';

type Ended = Extract<RunState, { kind: 'ended' }>;

function ended(change: Partial<Ended> = {}, endedAt = 1_000_000 + 2_467_000): RunView {
  const exit = { code: 0, process: undefined };
  return run({ state: { kind: 'ended', exit, by: 'itself', proven: true, ...change }, endedAt });
}

const failure = { code: 3, process: 'node2/0' };

describe('what is told at the end of a run', () => {
  const numbers = summarize(metrics({ 'node1/0': { accuracy: { value: 0.74 } } }));

  it('is how long it took and how good it got', () => {
    expect(runEnd(ended(), numbers)).toEqual({
      severity: 'information',
      text: 'digits #14 finished in 41:07 · acc 0.74',
    });
  });

  it('is whose failure it was, with the last words', () => {
    const message = 'exit 3 on node2/0 · last line: no such file';
    expect(runEnd(ended({ exit: failure, by: 'workerExit', message }), numbers)).toEqual({
      severity: 'error',
      text: `digits #14 failed: ${message} · the others were stopped`,
    });
    expect(runEnd(ended({ exit: failure }), undefined)?.text).toBe('digits #14 failed: exit 3 on node2/0');
  });

  it('warns without proof that nothing is left', () => {
    expect(
      runEnd(ended({ proven: false, message: 'not proven empty: node2: no answer' }), undefined),
    ).toEqual({
      severity: 'warning',
      text: 'digits #14 finished in 41:07 · not proven empty: node2: no answer',
    });
  });

  it('names the hosts of a run that is gone', () => {
    const gone = runEnd(run({ state: { kind: 'gone', hosts: ['node2'] } }), undefined);
    expect(gone).toMatchObject({
      severity: 'error',
      text: expect.stringContaining('gone from node2') as string,
    });
  });

  it('is nothing while it goes on, and nothing to whoever stopped it or was told that it did not start', () => {
    for (const view of [run(), ended({ by: 'stop' }), ended({ by: 'failedToStart' })]) {
      expect(runEnd(view, numbers)).toBeUndefined();
    }
  });
});

describe('what the log says', () => {
  const texts = (transition: RunTransition): string[] =>
    runLogLines(transition).map(({ level, text }) => `${level}: ${text}`);

  it('names run and hosts when a run appears', () => {
    expect(
      texts({ before: undefined, now: run({ state: { kind: 'preparing', step: 'Starting' } }) }),
    ).toEqual([
      'info: digits #14 is run 20260101-digits-ab12: ssh on lab (node1, node2)',
      'info: digits #14 is being prepared: Starting',
    ]);
  });

  it('says each step once, and the result', () => {
    const stopping = (deadline: number): RunView =>
      run({ state: { kind: 'stopping', step: 'SIGINT sent', deadline } });
    expect(texts({ before: run(), now: stopping(1) })).toEqual([
      'info: digits #14 is being stopped: SIGINT sent',
    ]);
    expect(texts({ before: stopping(1), now: stopping(2) })).toEqual([]);
    expect(texts({ before: stopping(2), now: ended({ by: 'stop' }) })).toEqual([
      'info: digits #14 was stopped · no process is left',
    ]);
    expect(texts({ before: run(), now: ended({ exit: failure, by: 'workerExit' }) })).toEqual([
      'warn: digits #14 failed: exit 3 on node2/0 · the others were stopped · no process is left',
    ]);
    expect(texts({ before: ended(), now: undefined })).toEqual(['info: digits #14 was removed']);
  });

  it('says when contact is lost and regained', () => {
    const lost = run({ contact: { node2: { kind: 'unreachable', since: 1, reason: 'no heartbeat' } } });
    expect(texts({ before: run(), now: lost })).toEqual([
      'warn: digits #14 lost contact with node2: no heartbeat',
    ]);
    expect(texts({ before: lost, now: lost })).toEqual([]);
    expect(texts({ before: lost, now: run() })).toEqual(['info: digits #14 is in contact with node2 again']);
  });
});

describe('transitions', () => {
  it('begin with what is known and reach the log', () => {
    const changed = new Emitter<{ run: string }>();
    let current: RunView | undefined = run();
    const runs = { all: [run()], get: () => current, onDidChange: changed.event };
    const transitions = new RunTransitions({ runs });
    const seen: RunTransition[] = [];
    transitions.onDidChange((transition) => seen.push(transition));
    const logged: string[] = [];
    const write = (text: string): void => void logged.push(text);
    const log = new RunLog(transitions, runs.all, { debug: write, info: write, warn: write, error: write });

    current = ended();
    changed.fire({ run: current.id });
    changed.fire({ run: current.id });
    current = undefined;
    changed.fire({ run: run().id });
    expect(seen.map(({ before, now }) => [before?.state.kind, now?.state.kind])).toEqual([
      ['running', 'ended'],
      ['ended', undefined],
    ]);
    expect(logged).toEqual([
      '1 run known, 1 not seen ending yet: digits #14',
      'digits #14 finished · no process is left',
      'digits #14 was removed',
    ]);
    log.dispose();
    transitions.dispose();
  });
});
