import { isTooLong, wholeNumber } from './sbatchNumbers';

const megabytes = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 } as const;

/** Megabytes of a size as sbatch reads it: a whole number with K, M, G or T, and perhaps B. Undefined for what it refuses. */
export function memoryMegabytes(text: string): number | undefined {
  const [, number, unit = 'm'] = /^([^a-zA-Z]+)(?:([kmgt])b?)?$/i.exec(text) ?? [];
  const value = number === undefined || /\s$/.test(number) ? undefined : wholeNumber(number);
  if (value === undefined || value < 0n || tooLong(number)) return undefined;
  return Number(value) * megabytes[unit.toLowerCase() as keyof typeof megabytes];
}

/** 2^63 and more; one less is taken. */
function tooLong(number = ''): boolean {
  const value = wholeNumber(number) ?? 0n;
  return isTooLong(value) && number.replace(/^[\s+]*0*/, '') !== String(2n ** 63n - 1n);
}
