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

export const reader = (dialect: Dialect) => (line: string) => plain(dialect.read(line));
