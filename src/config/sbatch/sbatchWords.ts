/** One argument of the list that all directives of a script form, without its quotes. */
export interface SbatchWord {
  text: string;
  /** Where it stands in the script, quotes included. */
  start: number;
  end: number;
  /** Offset in the script of each UTF-16 unit of `text`. */
  offsets: number[];
}

/** Why sbatch refuses to read a directive at all. */
export interface WordFault {
  kind: 'quote' | 'colon';
  start: number;
  end: number;
}

export interface WordLine {
  words: SbatchWord[];
  fault?: WordFault;
  /** A `#` that ends a word without a blank before it: what follows is a comment, unlike in a shell. */
  cutAt?: number;
  /** An empty word (`""`): sbatch reads no further on this line. */
  emptyAt?: number;
}

/**
 * Splits what follows `#SBATCH` as sbatch does (Slurm 22.05, tried on it): blanks separate; quotes group, and a backslash
 * takes the next character as it is, also inside quotes; an unquoted `#` begins a comment, also inside a word; a word
 * that begins with `:` and a quote without its end are fatal; an empty word ends the line.
 * @param start offset of the first character to read
 * @param end offset of the end of the line
 */
export function splitWords(text: string, start: number, end: number): WordLine {
  const words: SbatchWord[] = [];
  let at = start;
  for (;;) {
    while (at < end && isBlank(text[at])) at += 1;
    if (at >= end || text[at] === '#') return { words };
    if (text[at] === ':') return { words, fault: { kind: 'colon', start: at, end: at + 1 } };
    const { word, quote } = readWord(text, at, end);
    if (quote !== undefined) return { words, fault: { kind: 'quote', start: quote, end: quote + 1 } };
    if (word.text === '') return { words, emptyAt: word.start };
    words.push(word);
    at = word.end;
    if (at < end && text[at] === '#') return { words, cutAt: at };
  }
}

function readWord(text: string, start: number, end: number): { word: SbatchWord; quote?: number } {
  const offsets: number[] = [];
  let read = '';
  let quote: { mark: string; at: number } | undefined;
  let at = start;
  for (; at < end; at++) {
    const character = text[at] ?? '';
    if (character === '\\') {
      at += 1;
      // A blank ends a word also after a backslash, unless in quotes.
      if (at >= end || (quote === undefined && isBlank(text[at]))) break;
    } else if (quote !== undefined && character === quote.mark) {
      quote = undefined;
      continue;
    } else if (quote === undefined) {
      if (isBlank(character) || character === '#') break;
      if (character === '"' || character === "'") {
        quote = { mark: character, at };
        continue;
      }
    }
    offsets.push(at);
    read += text[at] ?? '';
  }
  const word = { text: read, start, end: Math.min(at, end), offsets };
  return quote === undefined ? { word } : { word, quote: quote.at };
}

/** What C's isspace takes for a blank. */
export function isBlank(character: string | undefined): boolean {
  return character !== undefined && ' \t\v\f\r\n'.includes(character) && character !== '';
}
