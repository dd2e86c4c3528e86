import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSbatch } from '../../../../src/config/sbatch/checkSbatch';
import { sbatchOptions } from '../../../../src/config/sbatch/sbatchOptions';

type Measured = ['taken' | 'refused' | 'site', string];

/** What `sbatch --test-only` of Slurm 22.05.8 said of scripts, by hand-picked values of every option. */
const measured = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../fixtures/sbatch/measured.json'), 'utf8'),
) as Measured[];

/** Where we mean to differ, with the reason. */
const reasons: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    new RegExp(
      `--(?:${[...sbatchOptions.values()].flatMap((o) => (o.since === undefined ? [] : o.long)).join('|')})\\b`,
    ),
    'newer releases have the option',
  ],
  [/one-task-per-sharing|--exclusive=topo/, 'newer releases have the value'],
  [/--array=0-100(?:1|000000)/, 'how large an array may be is the site’s matter'],
  [/2147483648/, 'C’s int makes a request for nothing of it; nobody has that many'],
];

describe('checkSbatch against what sbatch said', () => {
  it('has an error or names a plug-in exactly where sbatch refuses', () => {
    expect(measured.length).toBeGreaterThan(1500);
    const wrong = measured.filter(([verdict, script]) => {
      const problems = checkSbatch(script);
      const refuses = problems.some(
        ({ severity, code }) => severity === 'error' || code === 'sbatch.plugInOption',
      );
      if (verdict === 'site') return problems.some(({ severity }) => severity === 'error');
      return refuses !== (verdict === 'refused');
    });
    const unexplained = wrong.filter(([, script]) => !reasons.some(([pattern]) => pattern.test(script)));
    expect(unexplained).toEqual([]);
    expect(wrong.length / measured.length).toBeLessThan(0.01);
  });
});
