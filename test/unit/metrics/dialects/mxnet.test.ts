import { describe, expect, it } from 'vitest';
import { mxnet } from '../../../../src/metrics/dialects/mxnet';
import { reader } from './read';

const read = reader(mxnet);

describe('MXNet', () => {
  it.each([
    [
      'INFO:root:Epoch[0] Batch [20]\tSpeed: 223.74 samples/sec\taccuracy=0.168155',
      { epoch: 0, step: 20, throughput: 223.74, accuracy: 0.168155 },
    ],
    [
      'Epoch[2] Batch [5-10]\tSpeed: 43659.74 samples/sec\taccuracy=0.804000',
      { epoch: 2, step: 10, throughput: 43659.74, accuracy: 0.804 },
    ],
    [
      'Epoch[1] Batch [40]\tSpeed: 99.50 samples/sec\tTrain-accuracy=0.25\tTrain-top_k_accuracy_5=0.5\tTrain-cross-entropy=1.5',
      { epoch: 1, step: 40, throughput: 99.5, accuracy: 0.25, top5: 0.5, loss: 1.5 },
    ],
    ['Iter[0] Batch [50]\tSpeed: 10.00 samples/sec', { epoch: 0, step: 50, throughput: 10 }],
    ['2026-01-02 03:04:05,678 Epoch[3] Time cost=114.941', { epoch: 3, epoch_time: 114.941 }],
    ['INFO:root:Epoch[0] Train-accuracy=0.382812', { epoch: 0, train_accuracy: 0.382812 }],
    ['Epoch[0] Validation-accuracy=0.425977', { epoch: 0, val_accuracy: 0.425977 }],
    ['Epoch[0] Validation-cross-entropy=2.5', { epoch: 0, val_loss: 2.5 }],
  ])('reads %j', (line, expected) => expect(read(line)).toEqual(expected));

  it('knows its lines also where they carry nothing that is plotted', () => {
    expect(read('Epoch[0] Train-perplexity=nan')).toBeUndefined();
    expect(read('Epoch[0] Train-perplexity=93.5')).toEqual({ epoch: 0 });
    expect(read('Epoch[0] Train-toString=1')).toEqual({ epoch: 0 });
  });

  it.each([
    'Epoch: [0][10/30]\tTime 0.05',
    'Epoch[0] saved',
    'MyEpoch[0] Time cost=1',
    'Epoch[0] Batch [20] done',
  ])('leaves %j to others', (line) => expect(read(line)).toBeUndefined());
});
