import { readSbatch, type SbatchScript } from '../config/sbatch/readSbatch';
import type { GivenOption } from '../config/sbatch/sbatchArguments';

/** The option whose spelling or value an offset is in; ends count as in. */
export function optionAt(script: SbatchScript, offset: number): GivenOption | undefined {
  return allOptions(script).find(
    ({ start, end, valueStart, valueEnd }) =>
      (offset >= start && offset <= end) || (offset >= valueStart && offset <= valueEnd),
  );
}

/** Every option of every component. */
export function allOptions({ components }: SbatchScript): GivenOption[] {
  return components.flatMap(({ options }) => options);
}

/** What stands before the cursor in a directive line. */
export interface DirectiveCursor {
  /** The word that is being written: where it begins, and its text up to the cursor. */
  wordStart: number;
  typed: string;
  /** The option whose value it is, where it is one; `typed` then is the value so far. */
  option?: GivenOption['option'];
  /** End of the word that the cursor is in. */
  wordEnd: number;
}

/** Where in a directive an offset is; undefined outside of them. */
export function directiveCursor(text: string, offset: number): DirectiveCursor | undefined {
  const script = readSbatch(text);
  const line = script.directives.find((one) => offset >= one.start + one.mark.length && offset <= one.end);
  if (line === undefined) return undefined;
  const comment = text.slice(line.start + 1, offset).includes('#');
  if (comment) return undefined;
  let wordStart = offset;
  while (wordStart > line.start + line.mark.length && !/[\s"']/.test(text[wordStart - 1] ?? ''))
    wordStart -= 1;
  let wordEnd = offset;
  while (wordEnd < line.end && !/[\s"'#]/.test(text[wordEnd] ?? '')) wordEnd += 1;
  // The text up to the cursor decides what is being written: what follows belongs to the next word yet.
  const before = readSbatch(`${text.slice(0, offset)}?`);
  const given = allOptions(before).findLast(
    ({ value, valueEnd }) => value !== undefined && valueEnd >= offset,
  );
  if (given !== undefined) {
    return {
      wordStart: given.valueStart,
      typed: text.slice(given.valueStart, offset),
      option: given.option,
      wordEnd,
    };
  }
  return { wordStart, typed: text.slice(wordStart, offset), wordEnd };
}
