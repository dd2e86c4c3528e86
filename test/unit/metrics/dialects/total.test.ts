import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plausible } from '../../../../src/metrics/dialects/dialect';
import { LineReader } from '../../../../src/metrics/dialects/registry';

/** Pieces that repeated make a careless pattern try again and again. */
const hostile = [
  'a',
  ' ',
  '\t',
  '=',
  ':',
  '9',
  '1,234',
  'loss',
  'loss=',
  'loss: ',
  'loss=1 ',
  'loss 1 ',
  'epoch ',
  'epoch [',
  'step:   ',
  '((((',
  '}{',
  '\x1b[',
  '\x1b[0',
  '\x1b]',
  '\x1b ',
  'Epoch[0] ',
  'Epoch[0] Batch [',
  'Epoch[0] Batch [1]\tSpeed: 1',
  'Epoch: [0][1/2]\t',
  'Epoch: [ ',
  'Loss 1.0\t',
  'Acc@1 ',
  ' * Acc@1 ',
  'acc: 1e',
  '-1.',
  '1/2 [',
  'Time cost=',
  'é█',
  'Train Epoch: 1 [6',
  'Train Epoch     #1: ',
  'Test set: Average loss: 1',
  '~~1\t',
  'Iter #0: 1',
  'Total img/sec on 1 GPU(s): 1',
  '1\timages/sec: ',
  '16/16 [==',
  '16/16 ━━',
  ' - loss: 1',
  'Epoch 1/3',
  'Epoch 1: 10%|',
  '| 1/2 [00:00<00:00, ',
  'Epoch 0/1 ━ 1/2 ',
  ' train_loss: 1.0',
  "{'loss': ",
  "'epoch': 1, ",
  'step=1, skipped=0, lr=[',
  'epoch=0/micro_step=1/global_step=1, ',
  'SamplesPerSec=1, ',
  'Result for a:\n',
  '│ loss 1 │',
  'Reporting training result 1: TrainingReport(metrics={',
  '--- 1',
  'Epoch 0 step 0 loss 1 ',
  ' 1 samples/s',
  'Speed: 1 img/s ',
  'Train: 0 [ 1/2 ( 4%)] ',
  ' Loss: 1 (1',
  ' Time: 1s, 1/s',
  'Test: [1/1] Time: ',
  '{"loss": 1, ',
  '{"a": {',
  '- {"',
];

/** Least of several tries, in milliseconds of this process: what else the machine does must not count. */
function cost(line: string): number {
  let least = Infinity;
  for (let attempt = 0; attempt < 5; attempt++) {
    const start = process.cpuUsage();
    new LineReader().read(line);
    const { user, system } = process.cpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

describe('LineReader', () => {
  it.each(hostile)('takes time in proportion to the length of a line of %j', (piece) => {
    const line = (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    cost(line(4_000));
    const short = cost(line(4_000));
    const long = cost(line(64_000));
    // 16 times the length. Quadratic would be 256 times; what is too short to measure is fast enough.
    expect(long / Math.max(short, 0.05)).toBeLessThan(64);
  });

  it('takes time in proportion behind a structured head, too', () => {
    const heads = [
      'Epoch[0] ',
      'Epoch[0] Batch [1]\tSpeed: 1 samples/sec\t',
      'Epoch: [0][1/2]\t',
      'Epoch: [0][1/2]\tLoss',
      ' * Acc@1',
      'loss=1 ',
      'loss=1 epoch',
      'loss=1 step:',
      'loss=',
    ];
    for (const head of heads) {
      for (const piece of hostile) {
        const short = cost(head + piece.repeat(4_000 / piece.length));
        const long = cost(head + piece.repeat(64_000 / piece.length));
        expect(long / Math.max(short, 0.05), JSON.stringify(head + piece)).toBeLessThan(64);
      }
    }
  });

  it('never throws, and gives only values that can be', () => {
    const fragment = fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ maxLength: 8 }),
      fc.double().map(String),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
        const reader = new LineReader();
        for (const line of [fragments.join(''), ...fragments, fragments.join('')]) {
          for (const { reading } of reader.read(line)) {
            for (const [name, value] of reading.values) expect(plausible(name, value)).toBe(value);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
