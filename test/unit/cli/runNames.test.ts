import { expect, it } from 'vitest';
import { findRun } from '../../../src/cli/runNames';
import { run } from '../vscode/samples';

it('names all runs that a number may mean instead of choosing one', () => {
  const runs = ['b', 'a'].map((id) => run({ id, launch: 'long', number: 1 }));
  for (const words of ['long#1', 'long #1']) {
    expect(() => findRun(runs, words)).toThrow('could be a or b');
  }
  expect(findRun(runs, 'long').id).toBe('b');
  expect(findRun(runs, 'a').id).toBe('a');
});
