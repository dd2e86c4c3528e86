import { rowTitle, type ComparisonRow, type Mean } from './compare';
import type { EpochRow } from './epochTable';
import { latexText, percent, plain, writeTable, type Table, type TableFormat } from './writeTable';

/** The table per epoch and worker. Times in seconds; accuracies as fractions in CSV, else in percent. */
export function epochTableText(rows: readonly EpochRow[], format: TableFormat): string {
  const accuracy = (value: number | undefined): string =>
    value === undefined ? '' : format === 'csv' ? plain(value) : percent(value, 2, format);
  const table = {
    columns: ['epoch', 'worker', 'train accuracy', 'validation accuracy', 'time (s)'],
    rows: rows.map(({ epoch, worker, trainAccuracy, validationAccuracy, seconds }) => [
      String(epoch),
      format === 'latex' ? latexText(worker) : worker,
      accuracy(trainAccuracy),
      accuracy(validationAccuracy),
      seconds === undefined ? '' : format === 'csv' ? plain(seconds) : seconds.toFixed(1),
    ]),
  };
  return writeTable(table, format);
}

/**
 * The comparison of runs: each value as mean ± standard deviation over repeats, with its percentage of the first row.
 * CSV has one plain number in each column instead.
 */
export function comparisonText(rows: readonly ComparisonRow[], format: TableFormat): string {
  return writeTable(format === 'csv' ? comparisonColumns(rows) : comparisonCells(rows, format), format);
}

function comparisonColumns(rows: readonly ComparisonRow[]): Table {
  const means = ['time (s)', 'samples/s', 'accuracy'];
  const pair = (mean: Mean | undefined): string[] => [plain(mean?.mean), plain(mean?.sd)];
  return {
    columns: [
      'run',
      'workers',
      'repeats',
      ...means.flatMap((name) => [name, `${name} sd`]),
      'efficiency',
      'time to first',
      'samples/s to first',
    ],
    rows: rows.map((row) => [
      rowTitle(row),
      String(row.workers),
      String(row.time?.repeats ?? row.throughput?.repeats ?? row.accuracy?.repeats ?? 0),
      ...[row.time, row.throughput, row.accuracy].flatMap(pair),
      plain(row.efficiency),
      plain(row.timeToFirst),
      plain(row.throughputToFirst),
    ]),
  };
}

function comparisonCells(rows: readonly ComparisonRow[], format: 'markdown' | 'latex'): Table {
  const cell = (mean: Mean | undefined, digits: number, toFirst?: number): string => {
    if (mean === undefined) return '';
    const share = toFirst === undefined ? '' : ` (${percent(toFirst, 0, format)})`;
    return `${meanText(mean, digits, format)}${share}`;
  };
  const inPercent = (mean: Mean | undefined): Mean | undefined =>
    mean === undefined
      ? undefined
      : { ...mean, mean: mean.mean * 100, sd: mean.sd === undefined ? undefined : mean.sd * 100 };
  return {
    columns: [
      'run',
      'workers',
      'time (s)',
      'samples/s',
      'efficiency',
      format === 'latex' ? 'accuracy (\\%)' : 'accuracy (%)',
    ],
    rows: rows.map((row) => [
      format === 'latex' ? latexText(rowTitle(row)) : rowTitle(row),
      String(row.workers),
      cell(row.time, 1, row.timeToFirst),
      cell(row.throughput, 1, row.throughputToFirst),
      row.efficiency === undefined ? '' : percent(row.efficiency, 0, format),
      cell(inPercent(row.accuracy), 2),
    ]),
  };
}

/** Mean ± standard deviation, such as `1103.7 ± 70.7`; empty where nothing is known. */
export function meanText(mean: Mean | undefined, digits: number, format: 'markdown' | 'latex'): string {
  if (mean === undefined) return '';
  const plusMinus = format === 'latex' ? ' $\\pm$ ' : ' ± ';
  const sd = mean.sd === undefined ? '' : `${plusMinus}${mean.sd.toFixed(digits)}`;
  return `${mean.mean.toFixed(digits)}${sd}`;
}
