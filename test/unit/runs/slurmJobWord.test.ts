import { describe, expect, it } from 'vitest';
import { jobEndText } from '../../../src/runs/slurm/jobEndText';
import { parseQueueAnswer, type JobWord } from '../../../src/runs/slurm/jobWord';

function wordOf(job: string, ...lines: string[]): JobWord | undefined {
  const answer = parseQueueAnswer(`noise of a profile\n${[...lines, 'E'].join('\n')}\n`, [job]);
  return answer.kind === 'words' ? answer.words.get(job) : undefined;
}

describe("Slurm's word on a job", () => {
  it('is read from the queue, for all tasks of an array together', () => {
    expect(wordOf('7', 'Q 7 PENDING 1795384340 QOSMaxCpuPerUserLimit')).toEqual({
      kind: 'pending',
      reason: 'QOSMaxCpuPerUserLimit',
      start: 1795384340000,
    });
    expect(wordOf('7', 'Q 7_[3-9] PENDING N/A Priority', 'Q 7_2 RUNNING 1 None')?.kind).toBe('running');
    expect(wordOf('7', 'Q 7_2 COMPLETING 1 None', 'Q 77 RUNNING 1 None')?.kind).toBe('completing');
    expect(wordOf('7', 'Q 7_[3-9] PENDING N/A Resources', 'Q 7_2 COMPLETING 1 None')?.kind).toBe(
      'completing',
    );
    expect(wordOf('7', 'Q 7 SUSPENDED 1 None')).toEqual({ kind: 'running', isSuspended: true });
  });

  it('is read from what the controller remembers, and from the accounting', () => {
    expect(wordOf('7', 'C 7 - - FAILED 3:0 1795384340')).toEqual({
      kind: 'ended',
      state: 'FAILED',
      code: 3,
      cancelledBy: undefined,
      endedAt: 1795384340000,
      tasks: 1,
      failed: 1,
    });
    const array = wordOf(
      '7',
      'C 8 7 1 COMPLETED 0:0 10 4',
      'C 9 7 2 TIMEOUT 0:15 20 3',
      'C 7 7 3 FAILED 1:0 15 Unknown',
    );
    expect(array).toMatchObject({
      state: 'TIMEOUT',
      code: 143,
      tasks: 3,
      failed: 2,
      startedAt: 3000,
      endedAt: 20000,
    });
    expect(wordOf('7', 'S 7 CANCELLED_by_4242 0:0 20')).toMatchObject({
      state: 'CANCELLED',
      cancelledBy: '4242',
    });
    expect(wordOf('7', 'S 7 OUT_OF_MEMORY 0:125 20')).toMatchObject({ state: 'OUT_OF_MEMORY' });
    expect(wordOf('7', 'U 7')).toEqual({ kind: 'unknown' });
  });

  it('is none while the controller is silent, and never taken from half an answer', () => {
    expect(parseQueueAnswer('X slurm_load_jobs error: no\nE\n', ['7'])).toEqual({
      kind: 'silent',
      reason: 'slurm_load_jobs error: no',
    });
    expect(() => parseQueueAnswer('C 7 - - COMPLETED 0:0 1\n', ['7'])).toThrow(/incomplete/);
  });

  it('is told with what to do', () => {
    const ended = (state: string, code: number, tasks = 1): JobWord & { kind: 'ended' } => ({
      kind: 'ended',
      state,
      code,
      cancelledBy: undefined,
      endedAt: 0,
      tasks,
      failed: state === 'COMPLETED' ? 0 : 1,
    });
    expect(jobEndText(ended('COMPLETED', 0), undefined)).toBeUndefined();
    expect(jobEndText(ended('FAILED', 127), undefined)).toBe('FAILED: exit 127 (command not found)');
    expect(jobEndText(ended('FAILED', 128 + 53), undefined)).toMatch(/must share the home directory$/);
    expect(jobEndText(ended('CANCELLED', 0), 'stop')).toBe('CANCELLED, as asked');
    expect(jobEndText({ ...ended('CANCELLED', 0), cancelledBy: '0' }, undefined)).toMatch(/by user 0$/);
    for (const state of ['TIMEOUT', 'OUT_OF_MEMORY', 'NODE_FAIL', 'PREEMPTED', 'BOOT_FAIL', 'DEADLINE']) {
      expect(jobEndText(ended(state, 0, 4), undefined)).toMatch(
        new RegExp(`^1 of 4 tasks of the array: ${state}: .*[A-Z]`),
      );
    }
  });
});
