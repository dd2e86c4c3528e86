import { describe, expect, it } from 'vitest';
import { stepSummary } from '../../../src/metrics/stepSummary';

const inEpochs = (...epochs: (number[] | undefined)[]) =>
  epochs.flatMap((steps, epoch) => (steps ?? []).map((step) => ({ epoch, step })));
const counted = (...steps: number[]) => steps.map((step) => ({ epoch: undefined, step }));

describe('stepSummary', () => {
  it('counts nothing where nothing is missing', () => {
    expect(stepSummary(counted(0, 10, 20, 30))).toEqual({ firstStep: 0, lastStep: 30, gaps: 0 });
    expect(stepSummary(inEpochs([1, 11, 21], [1, 11, 21], [1])).gaps).toBe(0);
    expect(stepSummary(inEpochs([10, 20], [30, 40], [50])).gaps).toBe(0);
    expect(stepSummary(inEpochs([10, 20, 30, 35], [10, 20, 30, 35])).gaps).toBe(0);
  });

  it('counts missing steps within an epoch', () => {
    expect(stepSummary(counted(0, 10, 20, 50, 60)).gaps).toBe(2);
    expect(stepSummary(inEpochs([0, 1, 2, 3], [0, 1, 3], [0, 1, 2, 3])).gaps).toBe(1);
  });

  it('counts missing ends and beginnings of epochs, and whole epochs', () => {
    expect(stepSummary(inEpochs([0, 1, 2, 3], [0, 1], [0, 1, 2, 3], [0, 1])).gaps).toBe(2);
    expect(stepSummary(inEpochs([0, 1, 2, 3], [2, 3], [0, 1, 2, 3])).gaps).toBe(2);
    expect(stepSummary(inEpochs([0, 1, 2, 3], undefined, [0, 1, 2, 3])).gaps).toBe(4);
    expect(stepSummary(inEpochs([10, 20], [30], [50])).gaps).toBe(1);
  });

  it('takes repeated steps for no gap and leaves out points without a step', () => {
    expect(stepSummary(counted(1, 2, 3, 2, 3, 4)).gaps).toBe(0);
    expect(stepSummary([{ epoch: 0, step: undefined }])).toEqual({
      firstStep: undefined,
      lastStep: undefined,
      gaps: 0,
    });
    expect(stepSummary([])).toEqual({ firstStep: undefined, lastStep: undefined, gaps: 0 });
    expect(stepSummary(counted(7))).toEqual({ firstStep: 7, lastStep: 7, gaps: 0 });
  });
});
