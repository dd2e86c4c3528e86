/**
 * The number that a C program makes of digits by `(int)atol(…)`: beyond 63 bits the largest long, then the lower 32 bits with
 * their sign.
 */
export function cInteger(digits: string): number {
  const short = digits.length <= 9 ? Number(digits) : undefined;
  if (short !== undefined) return short;
  const significant = digits.replace(/^0+(?=\d)/, '');
  const largest = (1n << 63n) - 1n;
  const value = significant.length > 19 ? largest : BigInt(significant);
  return Number(BigInt.asIntN(32, value > largest ? largest : value));
}
