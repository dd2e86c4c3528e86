/** The value below which the fraction `q` (0-1) of the values lies, interpolated linearly; NaN for no values. */
export function quantile(sorted: readonly number[], q: number): number {
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

export function ascending(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The middle value, or the mean of the two in the middle; NaN for no values. */
export function median(values: Iterable<number>): number {
  return quantile(ascending(values), 0.5);
}
