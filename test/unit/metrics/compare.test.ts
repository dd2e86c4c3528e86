import { describe, expect, it } from 'vitest';
import { compareRuns, rowTitle, type ComparedRun } from '../../../src/metrics/compare';
import type { MetricPoint } from '../../../src/metrics/point';
import { runTimeText } from '../../../src/metrics/runTimeText';
import { comparisonText } from '../../../src/metrics/tableText';

type Point = Pick<MetricPoint, 'worker' | 'name' | 'value' | 'scope'>;
const point = (worker: string, name: string, value: number, scope: Point['scope'] = 'worker'): Point => ({
  worker,
  name,
  value,
  scope,
});
const run = (label: string, workers: number, seconds: number, points: Point[] = []): ComparedRun => ({
  label,
  workers,
  seconds,
  points,
});

describe('compareRuns', () => {
  it('gives mean, sample deviation and percentages against the first row', () => {
    const rows = compareRuns([run('2 nodes', 2, 1000), run('2 nodes', 2, 1200), run('8 nodes', 8, 440)]);
    expect(rows.map(({ time }) => time)).toEqual([
      { mean: 1100, sd: Math.sqrt(20_000), repeats: 2 },
      { mean: 440, sd: undefined, repeats: 1 },
    ]);
    expect(rows.map(({ timeToFirst }) => timeToFirst)).toEqual([1, 0.4]);
    // 4 times the workers, 2.5 times as fast.
    expect(rows[1]?.efficiency).toBeCloseTo(0.625);
    expect(rows[1]?.throughput).toBeUndefined();
  });

  it('adds only what is of one worker, and prefers what is said of the whole job', () => {
    const own = [100, 10, 110].flatMap((value) => [
      point('a', 'throughput', value),
      point('b', 'throughput', 50),
    ]);
    const [added] = compareRuns([run('x', 2, 10, own)]);
    expect(added?.throughput?.mean).toBe(150);
    const job = [1, 2, 3, 4].map((rank) => point(`rank/${rank}`, 'throughput', 400, 'job'));
    const [whole] = compareRuns([run('x', 4, 10, [...own, ...job])]);
    expect(whole?.throughput?.mean).toBe(400);
  });

  it("takes the program's own time and each worker's last validation accuracy", () => {
    const points = [
      point('a', 'run_time', 90),
      point('b', 'run_time', 95),
      point('a', 'val_accuracy', 0.1),
      point('a', 'val_accuracy', 0.4),
      point('b', 'val_accuracy', 0.5),
      point('b', 'accuracy', 0.9),
    ];
    const [row] = compareRuns([run('x', 2, 120, points)]);
    expect([row?.time?.mean, row?.accuracy?.mean]).toEqual([95, 0.45]);
  });

  it('counts what failed and leaves its numbers out', () => {
    const failed = { ...run('8 nodes', 8, 1), hasFailed: true };
    const rows = compareRuns([
      run('2 nodes', 2, 100),
      failed,
      run('8 nodes', 8, 50),
      { ...failed, label: 'all' },
    ]);
    expect(rows.map(({ time, failed: count }) => [time?.mean, count])).toEqual([
      [100, 0],
      [50, 1],
      [undefined, 1],
    ]);
    expect(rows.map(rowTitle)).toEqual(['2 nodes', '8 nodes (1 of 2 failed)', 'all (failed)']);
    expect(rows[2]?.efficiency).toBeUndefined();
    for (const text of [comparisonText(rows, 'markdown'), runTimeText(rows, 'csv')])
      expect(text).toContain('8 nodes (1 of 2 failed)');
  });

  it('says nothing where nothing is known', () => {
    expect(compareRuns([])).toEqual([]);
    const [row] = compareRuns([{ label: 'x', workers: 0, seconds: undefined, points: [] }]);
    expect([row?.time, row?.efficiency, row?.accuracy]).toEqual([undefined, undefined, undefined]);
  });
});

describe('comparisonText', () => {
  const rows = compareRuns([
    run('2 nodes | GPU_0', 2, 1000, [point('a', 'throughput', 100, 'job')]),
    run('2 nodes | GPU_0', 2, 1200, [point('a', 'throughput', 120, 'job')]),
    run('=8 "nodes", GPU', 8, 440, [
      point('a', 'throughput', 385, 'job'),
      point('a', 'val_accuracy', 0.4559),
    ]),
  ]);

  it('writes Markdown', () => {
    expect(comparisonText(rows, 'markdown')).toBe(
      [
        '| run | workers | time (s) | samples/s | efficiency | accuracy (%) |',
        '| --- | ---: | ---: | ---: | ---: | ---: |',
        '| 2 nodes \\| GPU\\_0 | 2 | 1100.0 ± 141.4 (100 %) | 110.0 ± 14.1 (100 %) | 100 % |  |',
        '| =8 "nodes", GPU | 8 | 440.0 (40 %) | 385.0 (350 %) | 88 % | 45.59 |',
        '',
      ].join('\n'),
    );
  });

  it('writes CSV of plain numbers, without formulas', () => {
    expect(comparisonText(rows, 'csv').split('\r\n')).toEqual([
      'run,workers,repeats,time (s),time (s) sd,samples/s,samples/s sd,accuracy,accuracy sd,efficiency,time to first,samples/s to first',
      '2 nodes | GPU_0,2,2,1100,141.421,110,14.1421,,,1,1,1',
      '"\'=8 ""nodes"", GPU",8,1,440,,385,,0.4559,,0.875,0.4,3.5',
      '',
    ]);
  });

  it('writes LaTeX', () => {
    const text = comparisonText(rows, 'latex');
    expect(text).toContain(
      '2 nodes | GPU\\_0 & 2 & 1100.0 $\\pm$ 141.4 (100\\,\\%) & 110.0 $\\pm$ 14.1 (100\\,\\%) & 100\\,\\% &  \\\\\n',
    );
    expect(text.startsWith('\\begin{tabular}{lrrrrr}\n\\hline\nrun & workers & time (s)')).toBe(true);
    expect(comparisonText(compareRuns([run('50% \\x {a}~^', 1, 1)]), 'latex')).toContain(
      '50\\% \\textbackslash{}x \\{a\\}\\textasciitilde{}\\textasciicircum{} &',
    );
  });
});

describe('runTimeText', () => {
  // The run times that a write-up gives in words, made the table they are meant to be.
  const timed = (label: string, seconds: number): ComparedRun =>
    run(label, 1, seconds + 9, [point('here/0', 'run_time', seconds)]);
  const rows = compareRuns([
    timed('serialized', 1153.6431467533112),
    timed('serialized', 1053.66729369484),
    timed('not serialized', 1271.0400450229645),
    timed('not serialized', 1296.923039845785),
    run('2 nodes_', 2, 551.8),
  ]);

  it('writes each time, mean ± deviation, and percentages of the first row', () => {
    expect(runTimeText(rows, 'markdown').split('\n')).toEqual([
      '| run | workers | run 1 (s) | run 2 (s) | mean (s) | of the first | faster |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
      '| serialized | 1 | 1153.6 | 1053.7 | 1103.7 ± 70.7 | 100 % | 0 % |',
      '| not serialized | 1 | 1271.0 | 1296.9 | 1284.0 ± 18.3 | 116 % | -14 % |',
      '| 2 nodes\\_ | 2 | 551.8 |  | 551.8 | 50 % | +100 % |',
      '',
    ]);
  });

  it('writes plain numbers in CSV', () => {
    expect(runTimeText(rows, 'csv').split('\r\n')).toEqual([
      'run,workers,run 1 (s),run 2 (s),mean (s),sd (s),time to first,faster',
      'serialized,1,1153.64,1053.67,1103.66,70.6936,1,0',
      'not serialized,1,1271.04,1296.92,1283.98,18.302,1.16339,-0.140443',
      '2 nodes_,2,551.8,,551.8,,0.499975,1.0001',
      '',
    ]);
  });

  it('writes LaTeX', () => {
    expect(runTimeText(rows, 'latex')).toContain(
      'not serialized & 1 & 1271.0 & 1296.9 & 1284.0 $\\pm$ 18.3 & 116\\,\\% & -14\\,\\% \\\\\n2 nodes\\_ & 2 &',
    );
  });

  it('leaves out what is not known', () => {
    const unknown = compareRuns([{ label: 'x', workers: 2, seconds: undefined, points: [] }]);
    expect(runTimeText(unknown, 'markdown').split('\n')[2]).toBe('| x | 2 |  |  |  |');
  });
});
