import { describe, expect, it } from 'vitest';
import { deepspeed } from '../../../../src/metrics/dialects/deepspeed';
import { elapsed } from '../../../../src/metrics/dialects/elapsed';
import { epochTable } from '../../../../src/metrics/dialects/epochTable';
import { horovod } from '../../../../src/metrics/dialects/horovod';
import { huggingFace } from '../../../../src/metrics/dialects/huggingFace';
import { keras } from '../../../../src/metrics/dialects/keras';
import { lightning } from '../../../../src/metrics/dialects/lightning';
import { objects } from '../../../../src/metrics/dialects/objects';
import { pairs } from '../../../../src/metrics/dialects/pairs';
import { pytorchImagenet } from '../../../../src/metrics/dialects/pytorchImagenet';
import { rayResults } from '../../../../src/metrics/dialects/rayResults';
import { spacedPairs } from '../../../../src/metrics/dialects/spacedPairs';
import { timm } from '../../../../src/metrics/dialects/timm';
import { readAll, reader } from './read';

describe('formats of the field', () => {
  it.each([
    [elapsed, '--- 1153.6431467533112 seconds ---', { run_time: 1153.6431467533112 }],
    [elapsed, ` ---1271.0400450229645 seconds${' '.repeat(300)}`, { run_time: 1271.0400450229645 }],
    [elapsed, '--- 12 seconds left ---', undefined],
    [
      epochTable,
      '2018-09-05 12:00:00,1 - train.py:161 - ~~3\t0.5\t\t22.5\t\t45.0',
      { epoch: 3, run_time: 1800, val_accuracy: 0.225, val_top5: 0.45 },
    ],
    [epochTable, '~~epoch\thours\ttop1\ttop5', undefined],
    [horovod, 'Iter #3: 187.5 img/sec per GPU', { step: 3, throughput: 187.5 }],
    [horovod, 'Total img/sec on 4 GPU(s): 750.0 +-3.8', { throughput: 750 }],
    [
      horovod,
      'Train Epoch     #2:  50%|█████     | 5/10 [00:01<00:01,  4.91it/s, loss=6.9, accuracy=12.5]',
      { epoch: 2, step: 5, loss: 6.9, accuracy: 0.125 },
    ],
    [
      horovod,
      'Validate Epoch  #2: 100%|██████████| 10/10 [00:01<00:00,  9.0it/s, loss=6.5, accuracy=25]',
      { epoch: 2, step: 10, val_loss: 6.5, val_accuracy: 0.25 },
    ],
    [
      huggingFace,
      "{'loss': '0.4', 'grad_norm': '1.5', 'learning_rate': '5e-05', 'epoch': '0.5'}",
      { epoch: 0.5, loss: 0.4, lr: 5e-5 },
    ],
    [
      huggingFace,
      "{'eval_loss': 0.3, 'eval_accuracy': 0.9, 'eval_samples_per_second': 1501.2, 'epoch': 1.0}",
      { epoch: 1, val_loss: 0.3, val_accuracy: 0.9 },
    ],
    [huggingFace, "{'loss': 0.4, 'batch': 3}", undefined],
    [huggingFace, "{'loss': 0.4, 'accuracy': 0.9, 'epoch': 3}", undefined],
    [
      objects,
      "(RayTrainWorker pid=812, ip=10.0.0.2) {'loss': 0.4, 'accuracy': 0.9, 'epoch': 3}",
      { epoch: 3, loss: 0.4, accuracy: 0.9 },
    ],
    [objects, '{"step": 1, "loss": 0.5, "note": "loss: 3"}', { step: 1, loss: 0.5 }],
    [objects, '2026-01-02 10:00:00 INFO: {"epoch":2,"val_acc":"71.5"}', { epoch: 2, val_accuracy: 0.715 }],
    [objects, '{"lr": 0.1, "epoch": 90, "batch_size": 32}', undefined],
    [objects, '{"loss": 0.1, "accuracy": 0.9}', undefined],
    [objects, 'we saw {"step": 1, "loss": 0.5} in the log', undefined],
    [objects, 'the loss at that place is {"step": 1, "loss": 0.5}', undefined],
    [pairs, '[10] Speed: 200.5 img/s', { throughput: 200.5 }],
    [pairs, 'step=3 Speed: 1,200 images/sec loss=0.5', { step: 3, throughput: 1200, loss: 0.5 }],
    [pairs, 'Speed: 200 km/s', undefined],
    [pairs, 'Speed: 200', undefined],
    [pytorchImagenet, ' * Acc@1 76.1 Acc@5 92.8', { val_accuracy: 0.761, val_top5: 0.928 }],
    [
      timm,
      'Train: 0 [  50/1251 (  4%)]  Loss: 6.92 (6.95)  Time: 0.400s,  640.10/s  (0.512s,  500.00/s)  LR: 1.000e-05  Data: 0.010 (0.104)',
      { epoch: 0, step: 50, loss: 6.92, step_time: 0.4, throughput: 640.1, lr: 1e-5 },
    ],
    [
      timm,
      'Train: 0 [ 50/1251 (  4%)] Loss: 6.9 (6.9) Time: 0.4s, 640.1/s (0.5s, 500.0/s) LR: 1.000e-05 Data: 0.01 (0.1)',
      { epoch: 0, step: 50, loss: 6.9, step_time: 0.4, throughput: 640.1, lr: 1e-5 },
    ],
    [
      timm,
      'Test: [  48/48]  Time: 0.101 (0.124)  Loss:   1.204 ( 1.301)  Acc@1:  70.833 ( 71.250)  Acc@5:  91.667 ( 90.500)',
      { val_loss: 1.301, val_accuracy: 0.7125, val_top5: 0.905 },
    ],
    [timm, 'Test: [  10/48]  Time: 0.101 (0.124)  Loss:   1.204 ( 1.301)', {}],
    [timm, 'Train: 3 cars of 4', undefined],
    [huggingFace, "{'learning_rate': 0.1, 'epoch': 3}", undefined],
    [
      deepspeed,
      '0/100, RunningAvgSamplesPerSec=nan, CurrSamplesPerSec=40.5',
      { epoch: 0, step: 100, throughput: 40.5 },
    ],
    [deepspeed, 'step=10, skipped=0, lr=[0.001, 0.002], mom=[(0.9, 0.95)]', { step: 10, lr: 0.001 }],
    [
      spacedPairs,
      'Epoch 0 step 3 loss 0.2500 acc 71.5 100 samples/s',
      { epoch: 0, step: 3, loss: 0.25, accuracy: 0.715, throughput: 100 },
    ],
    [spacedPairs, 'we lost: loss 3 of 5', undefined],
    [
      keras,
      '1875/1875 [==============================] - 3s 2ms/step - loss: 0.3 - accuracy: 0.91 - val_loss: 0.2',
      { step: 1875, loss: 0.3, accuracy: 0.91, val_loss: 0.2, step_time: 0.002, epoch_time: 3 },
    ],
    [
      keras,
      '  10/1875 [..............................] - ETA: 5s - loss: 2.3 - sparse_categorical_accuracy: 0.1',
      { step: 10, loss: 2.3, accuracy: 0.1 },
    ],
    [keras, '3/4 of it - loss: 1', undefined],
  ] as const)('%# reads %j', (dialect, line, expected) => {
    const found = reader(dialect)(line);
    if (expected === undefined) {
      expect(found).toBeUndefined();
      return;
    }
    expect(Object.keys(found ?? {}).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) expect(found?.[name]).toBeCloseTo(value, 10);
  });

  it('says which numbers are of the whole job', () => {
    const scope = (line: string) => horovod.start()(line)?.scope ?? horovod.scope;
    expect(scope('Img/sec per GPU: 187.2 +-1.2')).toBe('worker');
    expect(scope('Total img/sec on 4 GPU(s): 748.8 +-4.8')).toBe('job');
    expect(scope('total images/sec: 1240.5')).toBe('job');
    expect([huggingFace.scope, deepspeed.scope, epochTable.scope, rayResults.scope]).toEqual(
      Array.from({ length: 4 }, () => 'job'),
    );
  });

  it('takes the last state of a Lightning bar with its own metrics', () => {
    const line =
      'Epoch 3: 100%|██████████| 40/40 [00:01<00:00, 40.00it/s, v_num=0, train_loss=0.31, valid_loss=0.29, val_acc=0.91]';
    expect(reader(lightning)(line)).toEqual({
      epoch: 3,
      step: 40,
      loss: 0.31,
      val_loss: 0.29,
      val_accuracy: 0.91,
      step_time: 0.025,
    });
    expect(
      reader(lightning)('Validation DataLoader 0:  40%|████      | 2/5 [00:00<00:00, 1276.80it/s]'),
    ).toEqual({});
  });

  it('keeps the epoch of Keras from its heading', () => {
    const lines = ['Epoch 2/3', '16/16 - 3s - 9ms/step - loss: 0.5', 'Epoch 3/3', '16/16 - 3s - loss: 0.4'];
    expect(readAll(keras, lines).map((found) => found?.['epoch'])).toEqual([2, 2, 3, 3]);
  });

  it('reads a result of Ray once, however often it is printed', () => {
    const table = ['│ Trial t_1 result │', '│ training_iteration   3 │', '│ loss   0.25 │', '╰────╯'];
    const status =
      '│ Trial name   status       lr   iter   total time (s)   loss │\n│ t_1   TERMINATED   0.1   3   0.9   0.25 │';
    const later = status.replace('3   0.9   0.25', '4   1.2   0.2');
    const found = readAll(rayResults, [...table, status, later]);
    expect(found.filter((reading) => reading !== undefined && 'loss' in reading)).toEqual([
      { step: 3, loss: 0.25 },
      { step: 4, loss: 0.2, run_time: 1.2 },
    ]);
  });
});
