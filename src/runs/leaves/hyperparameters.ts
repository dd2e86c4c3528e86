import { stripAnsi } from '../../base/plainText';

/** Programs print what they were given before they train. */
const MOST_LINES = 200;
const MOST_CHARACTERS = 100_000;

/**
 * What a program printed of its own settings: the first `Namespace(…)` of argparse among the first lines of a log, by itself or
 * behind words such as `start with arguments`. Values as Python writes them, texts without their quotes. Undefined where
 * there is none. Linear in the length of the text; never throws.
 */
export function parseHyperparameters(log: string): Record<string, string> | undefined {
  const lines = stripAnsi(log.slice(0, MOST_CHARACTERS)).split(/\r\n|\n|\r/, MOST_LINES);
  for (const [index, line] of lines.entries()) {
    const begin = line.indexOf('Namespace(');
    if (begin === -1) continue;
    // A long one may have been broken by whoever printed it.
    const rest = [line.slice(begin + 'Namespace('.length), ...lines.slice(index + 1)].join('\n');
    const parts = splitArguments(rest);
    if (parts !== undefined && parts.length > 0) return Object.fromEntries(parts);
  }
  return undefined;
}

/** `name=value` pairs up to the closing parenthesis; undefined where there is none or a part is no pair. */
function splitArguments(text: string): [string, string][] | undefined {
  const pairs: [string, string][] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  const take = (end: number): boolean => {
    const part = text.slice(start, end).trim();
    start = end + 1;
    if (part === '') return true;
    const [, name, value] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/s.exec(part) ?? [];
    if (name === undefined || value === undefined) return false;
    pairs.push([name, plainValue(value)]);
    return true;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (depth === 0 && character === ')') return take(at) ? pairs : undefined;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0 && character === ',' && !take(at)) return undefined;
  }
  return undefined;
}

function plainValue(value: string): string {
  const text = /^(['"])(.*)\1$/s.exec(value)?.[2];
  return text === undefined ? value : text.replaceAll(/\\(['"\\])/g, '$1');
}
