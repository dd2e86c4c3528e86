import { plugInOptions, sbatchOptions, shortOptions, type SbatchOption } from './sbatchOptions';
import type { SbatchWord } from './sbatchWords';

/** One option of a script, as sbatch reads it. */
export interface GivenOption {
  option: SbatchOption;
  /** As written: `--mem`, `-N`, an abbreviation. */
  spelling: string;
  /** Where the spelling stands. */
  start: number;
  end: number;
  /** Undefined where the option has none. */
  value: string | undefined;
  /** Where the value stands, without its quotes as far as they enclose it; the option itself where there is none. */
  valueStart: number;
  valueEnd: number;
  /** All that belongs to it. */
  wholeStart: number;
  wholeEnd: number;
}

/** What sbatch refuses in its list of arguments, or what is unknown to it. */
export interface ArgumentFault {
  kind: 'word' | 'unknownLong' | 'unknownShort' | 'ambiguous' | 'needsValue' | 'takesNoValue';
  /** As written, without a value. */
  spelling: string;
  start: number;
  end: number;
  /** Of an ambiguous one. */
  candidates?: string[];
  /** The option that is meant, where one is. */
  option?: SbatchOption;
}

export interface ReadArguments {
  options: GivenOption[];
  faults: ArgumentFault[];
}

/** sbatch ends at the first thing it refuses; we name more of them, but not without end. */
const mostFaults = 100;

/** What an abbreviation may stand for: newer options would make scripts ambiguous that are not on 22.05. */
const abbreviable = [...sbatchOptions.values()].filter(({ since }) => since === undefined);

/**
 * Reads the words of one component as sbatch's getopt_long does: `--long value`, `--long=value`, unique beginnings of
 * long options, letters that stand together, values of the next word whatever it is. It ends at a word that is no
 * option, which sbatch refuses.
 */
export function readArguments(words: readonly SbatchWord[]): ReadArguments {
  const result: ReadArguments = { options: [], faults: [] };
  let next = 0;
  const takeWord = (): SbatchWord | undefined => words[next++];
  for (;;) {
    const word = takeWord();
    if (word === undefined || result.faults.length >= mostFaults) return result;
    if (word.text === '--') {
      const rest = words[next];
      if (rest !== undefined)
        result.faults.push({ kind: 'word', spelling: rest.text, start: rest.start, end: rest.end });
      return result;
    }
    if (!word.text.startsWith('-') || word.text === '-') {
      result.faults.push({ kind: 'word', spelling: word.text, start: word.start, end: word.end });
      return result;
    }
    if (word.text.startsWith('--')) {
      const known = result.faults.length;
      readLong(word, takeWord, result);
      // Whether an option of a plug-in has a value is not known: a word that is no option is taken for it.
      const isUnknown = result.faults.length > known && result.faults.at(-1)?.kind === 'unknownLong';
      const after = words[next]?.text;
      if (isUnknown && !word.text.includes('=') && after?.startsWith('-') === false) next += 1;
    } else readShort(word, takeWord, result);
  }
}

function readLong(word: SbatchWord, takeWord: () => SbatchWord | undefined, result: ReadArguments): void {
  const equals = word.text.indexOf('=');
  const spelling = equals === -1 ? word.text : word.text.slice(0, equals);
  const end = equals === -1 ? word.end : (word.offsets[equals] ?? word.end);
  const at = { spelling, start: word.start, end };
  const found = findLong(spelling.slice(2));
  if (found.option === undefined) {
    result.faults.push({ kind: found.candidates.length > 0 ? 'ambiguous' : 'unknownLong', ...at, ...found });
    return;
  }
  const { option } = found;
  if (equals !== -1) {
    if (option.takes === 'nothing')
      result.faults.push({ kind: 'takesNoValue', ...at, end: word.end, option });
    else result.options.push(given(option, at, word, word.text.slice(equals + 1), word.offsets[equals + 1]));
    return;
  }
  addWithNext(option, at, word, takeWord, result);
}

function readShort(word: SbatchWord, takeWord: () => SbatchWord | undefined, result: ReadArguments): void {
  for (let index = 1; index < word.text.length; index++) {
    const letter = word.text[index] ?? '';
    const start = index === 1 ? word.start : (word.offsets[index] ?? word.start);
    const end = word.offsets[index + 1] ?? word.end;
    const at = { spelling: `-${letter}`, start, end };
    const option = shortOptions.get(letter);
    if (option === undefined) {
      result.faults.push({
        kind: 'unknownShort',
        ...at,
        spelling: index === 1 ? word.text : at.spelling,
        end: word.end,
      });
      return;
    }
    const rest = word.text.slice(index + 1);
    if (option.takes === 'nothing') {
      result.options.push(given(option, at, { ...word, end }, undefined, undefined));
    } else if (rest !== '') {
      result.options.push(given(option, at, word, rest, word.offsets[index + 1]));
      return;
    } else {
      addWithNext(option, at, word, takeWord, result);
      return;
    }
  }
}

type At = Pick<GivenOption, 'spelling' | 'start' | 'end'>;

function addWithNext(
  option: SbatchOption,
  at: At,
  word: SbatchWord,
  takeWord: () => SbatchWord | undefined,
  result: ReadArguments,
): void {
  if (option.takes !== 'value') {
    result.options.push(given(option, at, word, undefined, undefined));
    return;
  }
  const value = takeWord();
  if (value === undefined) result.faults.push({ kind: 'needsValue', ...at, option });
  else
    result.options.push({ ...given(option, at, value, value.text, value.offsets[0]), wholeStart: at.start });
}

function given(
  option: SbatchOption,
  at: At,
  word: SbatchWord,
  value: string | undefined,
  valueStart: number | undefined,
): GivenOption {
  const last = word.offsets.at(-1);
  const bare = { start: at.start, end: at.end };
  const range =
    value === undefined
      ? bare
      : {
          start: valueStart ?? word.end,
          end: valueStart === undefined || last === undefined ? word.end : last + 1,
        };
  return {
    option,
    ...at,
    value,
    valueStart: range.start,
    valueEnd: range.end,
    wholeStart: word.start,
    wholeEnd: word.end,
  };
}

/** The option that a long spelling (without `--`) stands for: itself, or the only one that begins so. */
export function findLong(name: string): { option?: SbatchOption; candidates: string[] } {
  const exact = sbatchOptions.get(name);
  if (exact !== undefined) return { option: exact, candidates: [] };
  if (plugInOptions.has(name)) return { candidates: [] };
  const beginning = abbreviable.filter(({ long }) => long.startsWith(name));
  const meant = new Set(beginning.map(({ same, long }) => same ?? long));
  const [first] = beginning;
  if (first !== undefined && meant.size === 1) return { option: first, candidates: [] };
  return { candidates: beginning.map(({ long }) => long) };
}
