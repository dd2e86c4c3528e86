import { expect, it } from 'vitest';
import { runLine } from '../../../src/cli/runTable';
import { run } from '../vscode/samples';

it('says the exit of a run and its place once', () => {
  const ended = {
    kind: 'ended',
    exit: { code: 3, process: 'node2/0' },
    by: 'itself',
    proven: true,
  } as const;
  const times = (line: string): number => line.split('exit 3 on node2/0').length - 1;
  const message = 'exit 3 on node2/0 · last line: out of luck';
  const explained = runLine(run({ state: { ...ended, message } }), 0);
  expect([times(explained), explained]).toEqual([1, expect.stringContaining('out of luck')]);
  expect(times(runLine(run({ state: ended }), 0))).toBe(1);
});
