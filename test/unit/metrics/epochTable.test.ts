import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { epochTable } from '../../../src/metrics/epochTable';
import { MetricsStore } from '../../../src/metrics/metricsStore';
import { epochTableText } from '../../../src/metrics/tableText';

const logs = join(import.meta.dirname, '../../fixtures/logs');

/** All points of the run whose workers wrote these logs. */
function points(files: readonly string[]) {
  const store = new MetricsStore();
  files.forEach((file, index) => {
    const worker = `node${index + 1}/0`;
    store.feed({ run: 'r', worker, offset: 0, generation: 0, bytes: readFileSync(join(logs, file)) });
    store.end(worker);
  });
  const found = store.workers.flatMap((worker) => store.names.flatMap((name) => store.points(worker, name)));
  store.dispose();
  return found;
}

describe('epochTable', () => {
  it('makes the table of a recorded MXNet run of two workers', () => {
    const rows = epochTable(points(['mxnet-dist-sync-worker1.log', 'mxnet-dist-sync-worker2.log']));
    expect(rows.map((row) => [row.epoch, row.worker, row.trainAccuracy, row.seconds])).toEqual([
      [0, 'node1/0', 0.753, 0.108],
      [0, 'node2/0', 0.729, 0.105],
      [1, 'node1/0', 0.7915, 0.044],
      [1, 'node2/0', 0.767, 0.048],
      [2, 'node1/0', 0.7915, 0.05],
      [2, 'node2/0', 0.767, 0.048],
    ]);
  });

  it('has the validation accuracy of Keras, Hugging Face and the ~~epoch lines by epoch', () => {
    const of = (file: string) =>
      epochTable(points([file])).map(({ epoch, validationAccuracy }) => [epoch, validationAccuracy]);
    expect(of('keras3-bar.log')).toEqual([
      [1, 0.2969],
      [2, 0.3359],
      [3, 0.3438],
    ]);
    expect(of('huggingface-trainer.log')).toEqual([
      [1, 0.51875],
      [2, 0.525],
    ]);
    expect(of('imagenet18-verbose.log').map(([epoch, value]) => [epoch, value?.toFixed(5)])).toEqual([
      [0, '0.04248'],
      [1, '0.13744'],
    ]);
  });

  it('measures the time of an epoch where the program does not say it', () => {
    const point = (epoch: number, time: number) => ({ worker: 'a/0', name: 'loss', value: 1, epoch, time });
    const rows = epochTable([point(0, 100), point(0, 130), point(1, 140), point(1, 165), point(3, 200)]);
    expect(rows.map(({ epoch, seconds }) => [epoch, seconds])).toEqual([
      [0, 30],
      [1, 35],
      [3, undefined],
    ]);
  });

  it('is written with accuracies in percent, in CSV as fractions', () => {
    const rows = [
      { epoch: 1, worker: 'rank/0', trainAccuracy: 0.5, validationAccuracy: undefined, seconds: 12.25 },
    ];
    expect(epochTableText(rows, 'markdown')).toContain('| 1 | rank/0 | 50.00 % |  | 12.3 |');
    expect(epochTableText(rows, 'csv')).toContain('1,rank/0,0.5,,12.25\r\n');
    expect(epochTableText(rows, 'latex')).toContain('1 & rank/0 & 50.00\\,\\% &  & 12.3 \\\\');
  });
});
