import type { Dialect, Reading } from '../../../../src/metrics/dialects/dialect';

/** A reading as plain data, epoch and step left out where they are not known. */
export function plain(reading: Reading | undefined): Record<string, number> | undefined {
  if (reading === undefined) return undefined;
  const place = { epoch: reading.epoch, step: reading.step };
  return Object.fromEntries(
    [...Object.entries(place), ...reading.values].filter((entry): entry is [string, number] => {
      return entry[1] !== undefined;
    }),
  );
}

/** Reads each line as the first of a log. */
export const reader = (dialect: Dialect) => (line: string) => plain(dialect.start()(line));

/** Reads lines that follow each other. */
export function readAll(dialect: Dialect, lines: readonly string[]): (Record<string, number> | undefined)[] {
  const read = dialect.start();
  return lines.map((line) => plain(read(line)));
}
