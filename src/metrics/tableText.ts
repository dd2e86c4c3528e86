import type { ComparisonRow, Mean } from './compare';
import type { EpochRow } from './epochTable';

/** Ways to write a table as text. */
export type TableFormat = 'markdown' | 'csv' | 'latex';

interface Table {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

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
  return write(table, format);
}

/**
 * The comparison of runs: each value as mean ± standard deviation over repeats, with its percentage of the first row.
 * CSV has one plain number in each column instead.
 */
export function comparisonText(rows: readonly ComparisonRow[], format: TableFormat): string {
  return write(format === 'csv' ? comparisonColumns(rows) : comparisonCells(rows, format), format);
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
      row.label,
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
  const plusMinus = format === 'latex' ? ' $\\pm$ ' : ' ± ';
  const cell = (mean: Mean | undefined, digits: number, toFirst?: number): string => {
    if (mean === undefined) return '';
    const sd = mean.sd === undefined ? '' : `${plusMinus}${mean.sd.toFixed(digits)}`;
    const share = toFirst === undefined ? '' : ` (${percent(toFirst, 0, format)})`;
    return `${mean.mean.toFixed(digits)}${sd}${share}`;
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
      format === 'latex' ? latexText(row.label) : row.label,
      String(row.workers),
      cell(row.time, 1, row.timeToFirst),
      cell(row.throughput, 1, row.throughputToFirst),
      row.efficiency === undefined ? '' : percent(row.efficiency, 0, format),
      cell(inPercent(row.accuracy), 2),
    ]),
  };
}

/** Up to six digits that count, without an exponent where people read it. */
function plain(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(6)));
}

function percent(fraction: number, digits: number, format: TableFormat): string {
  return `${(fraction * 100).toFixed(digits)}${format === 'latex' ? '\\,\\%' : ' %'}`;
}

function write({ columns, rows }: Table, format: TableFormat): string {
  switch (format) {
    case 'markdown': {
      const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
      const alignment = columns.map((_, index) => (index === 0 ? '---' : '---:'));
      return [line(columns), `| ${alignment.join(' | ')} |`, ...rows.map(line), ''].join('\n');
    }
    case 'csv':
      return [columns, ...rows].map((cells) => `${cells.map(csvText).join(',')}\r\n`).join('');
    case 'latex': {
      const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;
      const alignment = columns.map((_, index) => (index === 0 ? 'l' : 'r')).join('');
      return [
        `\\begin{tabular}{${alignment}}`,
        '\\hline',
        line(columns),
        '\\hline',
        ...rows.map(line),
        '\\hline',
        '\\end{tabular}',
        '',
      ].join('\n');
    }
  }
}

function markdownText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\|`*_<>[\]]/g, (character) => `\\${character}`);
}

/** RFC 4180; what a spreadsheet would take for a formula is kept as text. */
function csvText(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const latexNames: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function latexText(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\~^&%$#_{}]/g, (character) => latexNames[character] ?? `\\${character}`);
}
