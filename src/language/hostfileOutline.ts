import { hostfileRows } from './hostfileEditsRows';
import type { DocumentSymbol, FoldingLines } from './types';

/** Each host with its slots. */
export function hostfileSymbols(text: string): DocumentSymbol[] {
  return hostfileRows(text).flatMap(({ kind, values: { host, slots }, start, end }) =>
    kind !== 'host' || host === undefined
      ? []
      : [
          {
            name: host.value,
            kind: 'host' as const,
            start,
            end,
            nameStart: host.start,
            nameEnd: host.end,
            ...(slots === undefined ? {} : { detail: `${slots.value} slots` }),
          },
        ],
  );
}

/** Comments of several lines, and the hosts below a comment up to the next one. */
export function hostfileFolding(text: string): FoldingLines[] {
  const rows = hostfileRows(text);
  const isComment = (line: number): boolean =>
    rows[line]?.kind === 'comment' || rows[line]?.kind === 'disabled';
  const folds: FoldingLines[] = [];
  for (let line = 0; line < rows.length;) {
    if (!isComment(line)) {
      line += 1;
      continue;
    }
    const first = line;
    while (isComment(line + 1)) line += 1;
    if (line > first) folds.push({ startLine: first, endLine: line, comment: true });
    let last = line;
    let next = line + 1;
    for (; next < rows.length && !isComment(next); next++) if (rows[next]?.kind !== 'blank') last = next;
    if (last > line && (rows[first - 1]?.kind ?? 'blank') === 'blank') {
      folds.push({ startLine: line, endLine: last });
    }
    line = next;
  }
  return folds;
}
