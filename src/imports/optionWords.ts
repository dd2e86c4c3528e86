import type { ShellWord } from './shellText';

/** An option of a command with its values. */
export interface OptionWords {
  /** Without dashes in front; `_` reads `-`. */
  name: string;
  values: ShellWord[];
  /** All its words, as they are written. */
  words: ShellWord[];
}

/**
 * How many values an option takes, by its name; undefined: no such option.
 * @param dashes 1 or 2, as it is written
 */
export type Arity = (name: string, dashes: number) => number | undefined;

export interface CommandOptions {
  options: OptionWords[];
  /** What follows the options: the program. */
  rest: ShellWord[];
}

/**
 * Parts a launcher's own options from the program behind them. `--name=value` and, for one letter, `-Nvalue` count as
 * an option with its value. An option that is not known takes the next word only where a program follows even then.
 */
export function splitOptions(words: readonly ShellWord[], arity: Arity): CommandOptions {
  const options: OptionWords[] = [];
  let index = 0;
  for (let word = words[index]; word?.source.startsWith('-') === true; word = words[index]) {
    index++;
    if (word.source === '--') break;
    const { name, dashes, attached } = parts(word, arity);
    const known = arity(name, dashes);
    const count = attached !== undefined ? 0 : (known ?? (takesNext(words, index) ? 1 : 0));
    const values = words.slice(index, index + count);
    index += values.length;
    options.push({
      // A flag with a value is no such flag.
      name: known === 0 && attached !== undefined ? `${name}=` : name,
      values: attached === undefined ? values : [attached],
      words: [word, ...values],
    });
  }
  return { options, rest: words.slice(index) };
}

function parts(word: ShellWord, arity: Arity): { name: string; dashes: number; attached?: ShellWord } {
  const [, dashes = '', written = '', value] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word.source) ?? [];
  const name = written.replaceAll('_', '-');
  const count = dashes.length;
  const cut = (length: number): ShellWord => ({
    source: word.source.slice(length),
    text: word.text?.slice(length),
    plain: word.plain,
  });
  if (value !== undefined) return { name, dashes: count, attached: cut(count + written.length + 1) };
  const isShort = count === 1 && name.length > 1 && arity(name, 1) === undefined;
  if (isShort && arity(name.slice(0, 1), 1) === 1) {
    return { name: name.slice(0, 1), dashes: 1, attached: cut(2) };
  }
  return { name, dashes: count };
}

/** Whether the word after an unknown option is rather its value than the program. */
function takesNext(words: readonly ShellWord[], index: number): boolean {
  const [next, after] = words.slice(index, index + 2);
  if (next === undefined || after === undefined || next.source.startsWith('-')) return false;
  return !looksLikeProgram(next);
}

function looksLikeProgram({ source }: ShellWord): boolean {
  return /(?:^|\/)(?:python[\d.]*|bash|sh|env|julia|Rscript)$|\.(?:py|sh)$|^\.{0,2}\/|^~\//.test(source);
}
