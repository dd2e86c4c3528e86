import type { JsonFault } from './readTraining';

/** Words of Python and of JavaScript, as JSON has them. */
const words: Readonly<Record<string, string>> = {
  True: 'true',
  TRUE: 'true',
  False: 'false',
  FALSE: 'false',
  None: 'null',
  NULL: 'null',
  undefined: 'null',
};

/** What stands for a symbol in JSON; undefined where that is not certain. */
export function jsonWord(text: string): string | undefined {
  if (Object.hasOwn(words, text)) return words[text];
  const quoted = /^'([^'"\\]*)'$/.exec(text)?.[1];
  if (quoted !== undefined) return `"${quoted}"`;
  const number = /^[+]?(\d*)\.(\d+)$/.exec(text);
  return number === null ? undefined : `${number[1] === '' ? '0' : (number[1] ?? '')}.${number[2] ?? ''}`;
}

/** What is wrong and what to write. */
export function jsonFaultMessage({ kind, text, expected }: JsonFault): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  switch (kind) {
    case 'symbol': {
      const word = jsonWord(text);
      if (word !== undefined) return `JSON has no \`${shown}\`. Write \`${word}\`.`;
      if (/^[-+]?(?:NaN|Infinity|inf)/i.test(text))
        return `JSON has no \`${shown}\`. Write a number, or leave the key out.`;
      return `JSON has no \`${shown}\`. Put text and keys in double quotes.`;
    }
    case 'string':
      return 'This text has no end on its line. Close it with `"`.';
    case 'comment':
      return 'This comment has no end. Close it with `*/`.';
    case 'number':
      return `\`${shown}\` is no number. Write digits after a point or an \`e\`: \`0.5\`, \`1e-3\`.`;
    case 'escape':
      return 'A backslash begins one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX here. Double it where it stands for itself.';
    case 'character':
      return 'Text cannot hold a control character. Write it as `\\t`, `\\n` or `\\u0000`.';
    case 'depth':
      return 'This file is nested too deeply to be read. Use fewer levels.';
    case 'empty':
      return 'This file is empty, which is no JSON. Write at least `{}`.';
    case 'expected': {
      const found = text === '' ? 'the file ends' : `\`${shown}\` stands here`;
      return `JSON needs ${expected} where ${found}.`;
    }
  }
}
