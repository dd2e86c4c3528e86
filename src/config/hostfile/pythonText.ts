/**
 * Python 3's rules for text, for the launchers written in it. A JavaScript `\s` is not Python's: that has U+001C-U+001F and
 * U+0085 too, and not U+FEFF.
 */
const blankCharacters =
  '\\t\\n\\v\\f\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** One or more blanks: `\s+` of a Python pattern. */
export const pythonBlanks = `[${blankCharacters}]+`;

/** One or more characters that are no blank: `\S+` of a Python pattern. */
export const pythonWord = `[^${blankCharacters}]+`;

const leading = new RegExp(`^[${blankCharacters}]+`, 'u');
const isBlank = new RegExp(`[${blankCharacters}]`, 'u');

/** The length of a text without the blanks at its end, `len(text.rstrip())`. */
export function strippedLength(text: string): number {
  let end = text.length;
  while (end > 0 && isBlank.test(text.charAt(end - 1))) end--;
  return end;
}

/** The number of blanks that a text begins with. */
export function leadingBlanks(text: string): number {
  return leading.exec(text)?.[0].length ?? 0;
}

/** `text.strip()` */
export function strip(text: string): string {
  const end = strippedLength(text);
  return text.slice(Math.min(leadingBlanks(text), end), end);
}

/** A line of a file, without its line break. */
export interface PythonLine {
  text: string;
  start: number;
}

/** The lines of a file opened as text: `\n`, `\r\n` and `\r` end one; there is none behind the last line break. */
export function pythonLines(text: string): PythonLine[] {
  const lines: PythonLine[] = [];
  if (!text.includes('\r')) {
    for (let start = 0; start < text.length;) {
      const lineBreak = text.indexOf('\n', start);
      const end = lineBreak < 0 ? text.length : lineBreak;
      lines.push({ text: text.slice(start, end), start });
      start = end + 1;
    }
    return lines;
  }
  const ends = /\r\n|\r|\n/g;
  for (let start = 0; start < text.length;) {
    ends.lastIndex = start;
    const match = ends.exec(text);
    lines.push({ text: text.slice(start, match?.index ?? text.length), start });
    start = match === null ? text.length : ends.lastIndex;
  }
  return lines;
}

/** Most digits that `int(text)` takes. */
const mostDigits = 4300;

/**
 * The number of a text of decimal digits of any script, `int(text)`; undefined where Python refuses to convert so many. Beyond
 * 2^53 it is not exact.
 */
export function pythonInteger(digits: string): number | undefined {
  if (/^[0-9]{1,15}$/.test(digits)) return Number(digits);
  const characters = Array.from(digits);
  if (characters.length > mostDigits) return undefined;
  return Number(characters.map(digitValue).join(''));
}

/** The digits of a script stand in a row from its zero. */
function digitValue(character: string): number {
  let code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return code - 48;
  // Mathematical digits are five rows without a gap.
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    value += 1;
  }
  return value;
}
