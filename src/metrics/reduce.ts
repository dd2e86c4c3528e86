/**
 * Indices, rising and at most `maxPoints`, of the values that a line needs to look the same: the first, the last,
 * and the least and greatest of each stretch. Extremes rather than LTTB, because a single step that stalled is what
 * a person looks for and must not vanish; and stretches of a power of two, so that appending moves no earlier choice
 * until the stretch doubles.
 * @param valueAt Called once for each index; NaN is left out.
 */
export function reduceIndices(
  length: number,
  valueAt: (index: number) => number,
  maxPoints: number,
): number[] {
  if (length <= maxPoints) {
    return Array.from({ length }, (_, index) => index).filter((index) => !Number.isNaN(valueAt(index)));
  }
  let stretch = 2;
  while (2 * Math.ceil(length / stretch) + 2 > maxPoints && stretch < length * 2) stretch *= 2;
  const chosen: number[] = [];
  const choose = (index: number): void => {
    if (index >= 0 && index > (chosen.at(-1) ?? -1)) chosen.push(index);
  };
  let first = -1;
  let last = -1;
  for (let start = 0; start < length; start += stretch) {
    let least = -1;
    let greatest = -1;
    let leastValue = Infinity;
    let greatestValue = -Infinity;
    for (let index = start; index < Math.min(length, start + stretch); index++) {
      const value = valueAt(index);
      if (Number.isNaN(value)) continue;
      if (first < 0) {
        first = index;
        choose(index);
      }
      last = index;
      if (least < 0 || value < leastValue) {
        least = index;
        leastValue = value;
      }
      if (greatest < 0 || value > greatestValue) {
        greatest = index;
        greatestValue = value;
      }
    }
    choose(Math.min(least, greatest));
    choose(Math.max(least, greatest));
  }
  choose(last);
  return chosen;
}
