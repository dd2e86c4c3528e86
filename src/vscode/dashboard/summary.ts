import { aggregate } from '../../metrics/aggregate';
import { firstAtLeast, type Line } from './line';

/** Many curves as one picture: the median, the band that holds the middle 80 %, and those that stand out. */
export interface Summary {
  median: Line;
  low: Line;
  high: Line;
  /** Keys of the curves that end far from the others. */
  outliers: string[];
}

/**
 * Summarises curves over a grid of at most `bins` columns. Each curve is averaged within a column first. The grid
 * has round widths (1, 2 or 5 times a power of ten), so that a growing run changes only its last column until the
 * width doubles.
 */
export function summarise(lines: ReadonlyMap<string, Line>, bins: number): Summary {
  let min = Infinity;
  let max = -Infinity;
  for (const { x } of lines.values()) {
    min = Math.min(min, x[0] ?? Infinity);
    max = Math.max(max, x[x.length - 1] ?? -Infinity);
  }
  const width = roundWidth((max - min) / bins);
  const averaged = [...lines].map(([worker, line]) => ({ worker, ...meansByColumn(line, width) }));
  const { bands, outliers } = aggregate(averaged, width);
  const x = bands.map((band) => Math.min(max, Math.max(min, band.x + width / 2)));
  return {
    median: { x, y: bands.map(({ median }) => median) },
    low: { x, y: bands.map(({ p10 }) => p10) },
    high: { x, y: bands.map(({ p90 }) => p90) },
    outliers,
  };
}

function meansByColumn(line: Line, width: number): { xs: number[]; ys: number[] } {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let from = 0; from < line.x.length;) {
    const column = Math.floor((line.x[from] ?? 0) / width);
    const to = Math.max(from + 1, firstAtLeast(line.x, (column + 1) * width));
    let sum = 0;
    for (let index = from; index < to; index++) sum += line.y[index] ?? 0;
    xs.push((column + 0.5) * width);
    ys.push(sum / (to - from));
    from = to;
  }
  return { xs, ys };
}

function roundWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= width) ?? 10;
  return factor * power;
}
