/** The most that C's `long` holds. */
const longest = 2n ** 63n - 1n;

/** A whole number as C's strtol reads it to the end of the text: blanks and a sign may stand before it; too large is the largest. */
export function wholeNumber(text: string): bigint | undefined {
  const [, sign, digits] = /^[ \t\v\f\r\n]*([+-]?)(\d+)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const significant = digits.replace(/^0+/, '');
  const size = significant.length > 20 ? longest : BigInt(significant);
  const value = size > longest ? longest : size;
  return sign === '-' ? -value : value;
}

/** The whole number at the beginning of a text; 0 where there is none, as strtol has it. */
export function leadingNumber(text: string): bigint {
  const [number] = /^[ \t\v\f\r\n]*[+-]?\d+/.exec(text) ?? [];
  return number === undefined ? 0n : (wholeNumber(number) ?? 0n);
}

/** What is left of a number in C's `int`. */
export function int32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** Whether C's `long` could not hold what the text says. */
export function isTooLong(value: bigint): boolean {
  return value >= longest;
}

/** Whether a text is a whole number of 1 or more that Slurm takes. */
export function isCount(text: string): boolean {
  const value = wholeNumber(text);
  return value !== undefined && value > 0n && !isTooLong(value);
}
