import { rowTitle, type ComparisonRow } from './compare';
import { meanText } from './tableText';
import { latexText, percent, plain, writeTable, type TableFormat } from './writeTable';

/**
 * The times of runs and their repeats: each one, mean ± standard deviation, its percentage of the first row's mean, and by
 * how much faster that is. CSV has one plain number in each column; percentages are fractions there.
 */
export function runTimeText(rows: readonly ComparisonRow[], format: TableFormat): string {
  const most = Math.max(0, ...rows.map(({ times }) => times.length));
  const runs = Array.from({ length: most }, (_, index) => `run ${index + 1} (s)`);
  const each = ({ times }: ComparisonRow, write: (seconds: number) => string): string[] =>
    runs.map((_, index) => (times[index] === undefined ? '' : write(times[index])));
  if (format === 'csv') {
    return writeTable(
      {
        columns: ['run', 'workers', ...runs, 'mean (s)', 'sd (s)', 'time to first', 'faster'],
        rows: rows.map((row) => [
          rowTitle(row),
          String(row.workers),
          ...each(row, plain),
          ...[row.time?.mean, row.time?.sd, row.timeToFirst, faster(row)].map(plain),
        ]),
      },
      format,
    );
  }
  return writeTable(
    {
      columns: ['run', 'workers', ...runs, 'mean (s)', 'of the first', 'faster'],
      rows: rows.map((row) => [
        format === 'latex' ? latexText(rowTitle(row)) : rowTitle(row),
        String(row.workers),
        ...each(row, (seconds) => seconds.toFixed(1)),
        meanText(row.time, 1, format),
        row.timeToFirst === undefined ? '' : percent(row.timeToFirst, 0, format),
        signedPercent(faster(row), format),
      ]),
    },
    format,
  );
}

/** How much faster than the first row, as a fraction of its speed: 0.5 is half as fast again. */
function faster({ timeToFirst }: ComparisonRow): number | undefined {
  return timeToFirst === undefined || timeToFirst === 0 ? undefined : 1 / timeToFirst - 1;
}

function signedPercent(fraction: number | undefined, format: TableFormat): string {
  if (fraction === undefined) return '';
  const whole = Math.round(fraction * 100);
  return `${whole > 0 ? '+' : ''}${percent(whole / 100, 0, format)}`;
}
