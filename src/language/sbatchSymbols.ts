import { readSbatch } from '../config/sbatch/readSbatch';
import { allOptions } from './sbatchCursor';
import type { DocumentSymbol } from './types';

/** The options of a script, each with its value. */
export function sbatchSymbols(text: string): DocumentSymbol[] {
  return allOptions(readSbatch(text)).map(
    ({ option, value, start, end, valueEnd, wholeStart, wholeEnd }) => ({
      name: `--${option.long}`,
      ...(value !== undefined && { detail: value }),
      kind: 'option' as const,
      start: Math.min(start, wholeStart),
      end: Math.max(end, valueEnd, wholeEnd),
      nameStart: start,
      nameEnd: end,
    }),
  );
}
