import type { Cursor } from './hostsGrid';

/** The cursor that an earlier life of the page kept, whatever stands there. */
export function savedCursor(state: unknown): Cursor | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { line, column, anchor } = state as Partial<Record<keyof Cursor, unknown>>;
  if (!isIndex(line) || !isIndex(column) || !isIndex(anchor)) return undefined;
  return { line, column, anchor };
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}
