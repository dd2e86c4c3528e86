import { expect, it } from 'vitest';
import { News } from '../../../src/cli/news';
import { CONTROLLER } from '../../../src/runs/slurm/slurmRun';
import type { Contact, RunState } from '../../../src/runs/model';
import { run } from '../vscode/samples';

it('tells why a run waits and who does not answer, each once and when it changes', () => {
  const news = new News();
  const connected: Contact = { kind: 'connected' };
  const lost: Contact = {
    kind: 'unreachable',
    since: new Date(2026, 0, 1, 12, 9).getTime(),
    reason: 'timed out',
  };
  const heard = (state: RunState, contact: Record<string, Contact> = { head: connected }): string[] =>
    news.of(run({ state, contact }));
  const queued = (reason: string): RunState => ({ kind: 'queued', reason });
  const running: RunState = { kind: 'running' };

  expect(heard(queued('Resources: too few'))).toEqual(['queued: Resources: too few']);
  expect(heard(queued('Resources: too few'))).toEqual([]);
  expect(heard(queued('Priority: others first'))).toEqual(['queued: Priority: others first']);
  expect(heard(running)).toEqual(['running']);
  expect(heard(running, { head: lost })).toEqual(['head does not answer since 12:09: timed out']);
  expect(heard(running, { head: { kind: 'connecting' } })).toEqual([]);
  expect(heard(running, { head: connected, [CONTROLLER]: lost })).toEqual([
    'head answers again',
    `${CONTROLLER} does not answer since 12:09: timed out`,
  ]);
  expect(heard(running)).toEqual([]);
  expect(new News().of(run({ state: running, contact: { head: connected } }))).toEqual([]);
});
