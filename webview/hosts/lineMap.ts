/** Where a line is after a change of the text; `same` is false for one that was changed or taken out. */
export type LineMap = (line: number) => { line: number; same: boolean };

/** Follows lines over a change: what is equal at the beginning and at the end stayed. */
export function mapLines(before: readonly string[], after: readonly string[]): LineMap {
  const least = Math.min(before.length, after.length);
  let head = 0;
  while (head < least && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < least - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail += 1;
  const grown = after.length - before.length;
  return (line) => {
    if (line < head) return { line, same: true };
    if (line >= before.length - tail) return { line: line + grown, same: true };
    return { line: Math.max(0, Math.min(line, after.length - 1)), same: false };
  };
}
