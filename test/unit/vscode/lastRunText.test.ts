import { describe, expect, it } from 'vitest';
import type { RunView } from '../../../src/runs/model';
import { summarize } from '../../../src/vscode/text/runSummary';
import { lastRunText } from '../../../src/vscode/text/lastRunText';
import { formatAgo } from '../../../src/text/format';
import { metrics, run } from './samples';

const MINUTE = 60_000;

describe('what became of a launch', () => {
  const ended = (state: Partial<Extract<RunView['state'], { kind: 'ended' }>>): RunView =>
    run({
      endedAt: 10 * MINUTE,
      state: { kind: 'ended', exit: { code: 0, process: undefined }, by: 'itself', proven: true, ...state },
    });
  const summary = summarize(metrics({ 'node1/0': { accuracy: { value: 0.741 } } }));
  const now = 22 * MINUTE;

  it('says when, and what it reached', () => {
    expect(lastRunText(ended({}), summary, now)).toBe('last run 12 min ago: acc 0.74');
    expect(lastRunText(ended({}), undefined, now)).toBe('last run 12 min ago');
  });

  it('says how it ended where it did not end well', () => {
    const failed = ended({ exit: { code: 137, process: 'node3/0' } });
    expect(lastRunText(failed, summary, now)).toBe(
      'last run 12 min ago: exit 137 (killed) on node3/0 · acc 0.74',
    );
    expect(lastRunText(ended({ by: 'stop' }), undefined, now)).toBe('last run 12 min ago: stopped');
    expect(lastRunText(run({ state: { kind: 'gone', hosts: ['a'] } }), undefined, now)).toMatch(
      /: gone without an exit record$/,
    );
  });

  it('names one that runs', () => {
    expect(lastRunText(run({}), summary, now)).toMatch(/#\d+: running$/);
  });

  it('counts time in one unit', () => {
    expect(
      [30_000, MINUTE, 59 * MINUTE, 61 * MINUTE, 25 * 60 * MINUTE, 72 * 60 * MINUTE].map(formatAgo),
    ).toEqual(['just now', '1 min ago', '59 min ago', '1 h ago', '1 day ago', '3 days ago']);
  });
});
