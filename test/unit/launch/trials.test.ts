import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatrixModel } from '../../../src/config/model';
import { planLaunch } from '../../../src/launch/planLaunch';
import { expandTrials, resolveLaunch } from '../../../src/launch/trials';
import { hostsWith, specOf } from '../../support/launchSpecs';

const trialsOf = (matrix: Partial<MatrixModel> | undefined, repeat = 1): ReturnType<typeof expandTrials> =>
  expandTrials(
    specOf([], {
      matrix: matrix && { axes: {}, include: [], exclude: [], ...matrix },
      repeat,
    }).launch,
  );

const valuesOf = (matrix: Partial<MatrixModel>): unknown => trialsOf(matrix).map(({ values }) => values);

describe('expandTrials', () => {
  it('is one run without a matrix, and one for each repeat', () => {
    expect(trialsOf(undefined)).toEqual([{ id: 'only', label: '', values: {}, repeat: 1 }]);
    expect(trialsOf(undefined, 2).map(({ id, label, repeat }) => [id, label, repeat])).toEqual([
      ['r1', 'run 1 of 2', 1],
      ['r2', 'run 2 of 2', 2],
    ]);
  });

  // The example of GitHub Actions' documentation of `include`, with our spelling.
  it('adds inclusions where they agree, and makes combinations of the others', () => {
    const include = [
      { color: 'green' },
      { color: 'pink', animal: 'cat' },
      { fruit: 'apple', shape: 'circle' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ];
    expect(valuesOf({ axes: { fruit: ['apple', 'pear'], animal: ['cat', 'dog'] }, include })).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  it('leaves out what agrees with an exclusion of some axes, before inclusions', () => {
    const axes = { os: ['a', 'b'], version: ['1', '2'] };
    expect(
      valuesOf({
        axes,
        exclude: [{ os: 'a', version: '1' }, { os: 'b' }],
        include: [{ os: 'b', version: '2' }],
      }),
    ).toEqual([
      { os: 'a', version: '2' },
      { os: 'b', version: '2' },
    ]);
  });

  it('is only the inclusions where there is no axis', () => {
    expect(valuesOf({ include: [{ nodes: '1' }, { nodes: '2' }] })).toEqual([{ nodes: '1' }, { nodes: '2' }]);
  });

  it('tells values apart that look alike, and keeps ids fit for files', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 });
    const axis = fc.uniqueArray(text, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(axis, axis, fc.integer({ min: 1, max: 3 }), (a, b, repeat) => {
        const matrix = { axes: { a, b }, include: [{ a: '~none~' }, { a: '~none~' }] };
        const trials = trialsOf(matrix, repeat);
        expect(trials).toHaveLength((a.length * b.length + 2) * repeat);
        expect(new Set(trials.map(({ id }) => id)).size).toBe(trials.length);
        for (const { id } of trials) expect(id).toMatch(/^[a-z0-9][a-z0-9.-]{0,59}$/);
        expect(trialsOf(matrix, repeat)).toEqual(trials);
      }),
      { numRuns: 40 },
    );
  });
});

describe('resolveLaunch', () => {
  it('gives the variables of a trial to runs of a group alone', () => {
    const envOf = (repeat: number): unknown =>
      resolveLaunch(specOf([], { command: 'train', params: { lr: '1' }, matrix: undefined, repeat }).launch)
        .launch.env;
    expect(envOf(1)).toEqual({ lr: '1' });
    expect(envOf(2)).toEqual({ lr: '1', trial: 'r1', repeat: '1' });
  });
});

describe('planLaunch', () => {
  it('shows the first run of a matrix, and says so', () => {
    const plan = planLaunch(
      specOf(hostsWith(1, 1), {
        command: ['x', '${matrix.nodes}', '${trial}'],
        matrix: { axes: { nodes: ['1', '2'] }, include: [], exclude: [] },
      }),
    );
    expect(plan.processes[0]?.argv).toEqual(['x', '1', 'nodes-1']);
    expect(plan.notes[0]).toBe('One of 2 runs: nodes 1. Each has a plan of its own.');
  });
});
