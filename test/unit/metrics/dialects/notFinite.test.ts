import { describe, expect, it } from 'vitest';
import { readNotFinite } from '../../../../src/metrics/dialects/notFinite';

describe('a loss that is no number', () => {
  it.each([
    ['epoch=1 step=40 loss=nan lr=0.1', { name: 'loss', text: 'nan', epoch: 1, step: 40 }],
    ['step 3 loss: inf', { name: 'loss', text: 'inf', step: 3 }],
    ['{"step": 7, "loss": NaN, "lr": 0.1}', { name: 'loss', text: 'nan', step: 7 }],
    ['{"step": 7, "loss": -Infinity}', { name: 'loss', text: '-inf', step: 7 }],
    ["{'loss': nan, 'grad_norm': nan, 'epoch': 2}", { name: 'loss', text: 'nan', epoch: 2 }],
    [
      'Epoch: [0][ 11/101]\tTime  0.001 ( 0.002)\tLoss nan (nan)\tAcc@1  10.00 ( 9.00)',
      { name: 'loss', text: 'nan', epoch: 0 },
    ],
    ['Epoch 0 step 3 loss nan acc 0.1', { name: 'loss', text: 'nan', epoch: 0, step: 3 }],
    ['16/16 - 3s - loss: nan - accuracy: 0.1', { name: 'loss', text: 'nan' }],
    ['Validation loss: nan', { name: 'val_loss', text: 'nan' }],
    ['INFO loss=inf', { name: 'loss', text: 'inf' }],
  ] as const)('%s', (line, expected) => {
    expect(readNotFinite(line)).toEqual([{ epoch: undefined, step: undefined, ...expected }]);
  });

  it.each([
    'loss: nan values were replaced',
    'packet loss: nan',
    'Loss nan',
    'INFO: loss of information',
    'loss=0.5 nan=3',
    'grad_norm=nan',
    'RunningAvgSamplesPerSec=nan, CurrSamplesPerSec=40.5',
    'loss=nano',
    'on loss: inform the user',
    'loss=nan.csv',
  ])('is not %s', (line) => {
    expect(readNotFinite(line)).toEqual([]);
  });

  it('takes time in proportion to the length of a line', () => {
    for (const piece of [
      'loss=nan',
      'loss nan ',
      'loss nan, ',
      'nan ',
      "'loss': 'inf",
      'a a a a ',
      'loss   ',
    ]) {
      const cost = (length: number): number => {
        const line = `nan ${piece.repeat(length / piece.length)}`;
        let least = Infinity;
        for (let attempt = 0; attempt < 5; attempt++) {
          const start = process.cpuUsage();
          readNotFinite(line);
          const { user, system } = process.cpuUsage(start);
          least = Math.min(least, (user + system) / 1000);
        }
        return least;
      };
      cost(4_000);
      expect(cost(64_000) / Math.max(cost(4_000), 0.05), piece).toBeLessThan(64);
    }
  });
});
