import { describe, expect, it } from 'vitest';
import { pairs } from '../../../../src/metrics/dialects/pairs';
import { reader } from './read';

const read = reader(pairs);

describe('name=value', () => {
  it.each([
    [
      'epoch=0 step=10 loss=2.3012 accuracy=0.1250 throughput=1234.5 compute_time=0.0123 wait_time=0.0031',
      {
        epoch: 0,
        step: 10,
        loss: 2.3012,
        accuracy: 0.125,
        throughput: 1234.5,
        compute_time: 0.0123,
        wait_time: 0.0031,
      },
    ],
    [
      'Epoch 3/10, Step [100/600], Loss: 0.25, acc: 71.2%',
      { epoch: 3, step: 100, loss: 0.25, accuracy: 0.712 },
    ],
    ['for epoch 3, loss : 0.4', { epoch: 3, loss: 0.4 }],
    ['Train Loss: 1.5 | Val Acc: 61.5 | LR: 1e-3', { loss: 1.5, val_accuracy: 0.615, lr: 0.001 }],
    ['val_loss=0.5 val-accuracy=0.75', { val_loss: 0.5, val_accuracy: 0.75 }],
    ['train/loss=1 val/acc=0.5', { loss: 1, val_accuracy: 0.5 }],
    ['INFO loss: 0.3', { loss: 0.3 }],
    ['INFO:root:loss=0.3, lr=0.1', { loss: 0.3, lr: 0.1 }],
    ['iter 40: throughput: 1,240.5 samples/s', { step: 40, throughput: 1240.5 }],
    ['accuracy=0.71 samples/s=161 loss=2', { accuracy: 0.71, throughput: 161, loss: 2 }],
    ['img/sec: 55.5', { throughput: 55.5 }],
    ['step_time=12.5ms epoch_time: 3 s', { step_time: 0.0125, epoch_time: 3 }],
    ['global_step=7 learning rate: .5', { step: 7, lr: 0.5 }],
    ['loss=1.0 (avg loss=2.0)', { loss: 1 }],
    ['loss=-0.5', { loss: -0.5 }],
    ['step=5 loss=0.1 batch_size=128', { step: 5, loss: 0.1 }],
    [
      'Epoch 0:  30%|###    | 6/20 [00:00<00:00, 97.42it/s, train_loss=2.220, train_acc=0.220]',
      { epoch: 0, step: 6, loss: 2.22, train_accuracy: 0.22 },
    ],
  ])('reads %j', (line, expected) => {
    const found = read(line) ?? {};
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) expect(found[name]).toBeCloseTo(value, 12);
  });

  it.each([
    'Namespace(batch_size=128, epoch=3, lr=0.05, loss=1.5, throughput=3)',
    'start with arguments Namespace(lr=0.05, lr_factor=0.1, mom=0.9), loss_scale=128',
    "{'loss': 1.0, 'epoch': 0, 'accuracy': 0.0}",
    'config={loss: 1.0, lr=0.1} done',
    'python train.py --lr=0.05 --loss=3 --epoch=3',
    'lr=0.05',
    'learning_rate: 0.1',
    'lr=0.05 batch_size=128 epoch=10',
    'batch_size: 128, accuracy=0.9',
    'epoch: the number of passes',
    'epoch: 3',
    'epoch=3 step=10',
    'packet loss: 5',
    'packet loss: 5%',
    'best accuracy: 0.93',
    'best acc=0.93',
    'accuracy: 12:30:45',
    'loss: 2026-01-02',
    'loss: 1.2.3',
    'loss=0x10',
    'loss=1e5x',
    'loss: 5-10',
    'loss=nan',
    'loss=',
    'loss: .',
    'loss=50%',
    'accuracy=-0.5',
    'accuracy=271.2%',
    'throughput=-3',
    'throughput: 100 MB/s',
    'throughput: 30 tokens/s',
    'loss: 3 items/s',
    'compute_time=3 h/s',
    'https://host/loss:8080',
    '/tmp/loss=3',
    'a.loss=3',
    '"loss": 0.5',
    '[16:54:11] ../src/executor/graph_executor.cc:1991: Subgraph backend MKLDNN is activated.',
    '2026-11-22 16:58:00,047 INFO worker.py:1841 -- Connecting to existing Ray cluster at address: 10.77.0.11:6379',
    'constructor=5 __proto__=3 toString: 4',
  ])('sees no value in %j', (line) => expect(read(line)).toBeUndefined());
});
