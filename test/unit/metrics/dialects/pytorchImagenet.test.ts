import { describe, expect, it } from 'vitest';
import { pytorchImagenet } from '../../../../src/metrics/dialects/pytorchImagenet';
import { reader } from './read';

const read = reader(pytorchImagenet);

describe('PyTorch ImageNet example', () => {
  it.each([
    [
      'Epoch: [0][  11/5005]\tTime  0.051 ( 0.060)\tData  0.000 ( 0.001)\tLoss 2.1856e+00 (2.2012e+00)\tAcc@1  26.95 ( 24.10)\tAcc@5  78.12 ( 70.00)',
      { epoch: 0, step: 11, step_time: 0.051, loss: 2.1856, accuracy: 0.2695, top5: 0.7812 },
    ],
    [
      'Epoch: [3][0/5005]\tTime 8.1 (8.1)\tData 5.3 (5.3)\tLoss 7.0251 (7.0251)\tPrec@1 0.391 (0.391)\tPrec@5 1.172 (1.172)',
      { epoch: 3, step: 0, step_time: 8.1, loss: 7.0251, accuracy: 0.391 / 100, top5: 1.172 / 100 },
    ],
    [
      '[1,0]<stdout>:Epoch: [1][30/30]\tTime 0.068\tLoss 1.7480e+00\tAcc@1  51.17\t3744.8 samples/s',
      { epoch: 1, step: 30, step_time: 0.068, loss: 1.748, accuracy: 0.5117, throughput: 3744.8 },
    ],
    [' * Acc@1 69.758 Acc@5 89.078', { val_accuracy: 0.69758, val_top5: 0.89078 }],
    [' *   Acc@1 76.094 Acc@5 98.828', { val_accuracy: 0.76094, val_top5: 0.98828 }],
    [' * Prec@1 69.758', { val_accuracy: 0.69758 }],
  ])('reads %j', (line, expected) => {
    const found = read(line) ?? {};
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) expect(found[name]).toBeCloseTo(value, 12);
  });

  it('takes no single batch of the validation set for the validation accuracy', () => {
    expect(read('Test: [ 0/196]\tTime  5.9 ( 5.9)\tLoss 8.3e-01 (8.3e-01)\tAcc@1  78.91 ( 78.91)')).toEqual(
      {},
    );
  });

  it('leaves out what cannot be: a diverged loss, an accuracy over 100 %', () => {
    expect(read('Epoch: [0][1/2]\tLoss nan (nan)\tAcc@1 126.95 ( 1.0)\tTime 0.5 ( 0.5)')).toEqual({
      epoch: 0,
      step: 1,
      step_time: 0.5,
    });
  });

  it.each(['Epoch: 3', 'Epoch: [0] started', 'see Acc@1 69.7', 'Epoch [0][1/2] Time 1'])(
    'leaves %j to others',
    (line) => expect(read(line)).toBeUndefined(),
  );
});
