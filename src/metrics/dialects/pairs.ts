import type { MetricName } from '../point';
import type { Dialect, Reading } from './dialect';
import { BracketSkip } from './bracketSkip';
import { readContext } from './pairContext';
import { isSetting, metricNamed, metricOfTwoWords } from './pairNames';
import { readQuantity } from './quantity';

const longestName = 32;
/** Looked up rather than matched: every character before a separator is asked for. */
const nameCharacters = new Set('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@/-');
const wordCharacter = /[A-Za-z]/;
/** What may stand right before a name. Anything else (`.`, `$`, a quote) makes it part of something longer. */
const boundary = /[\s,;|:([]/;
const samplesPerSecond =
  /\s{0,4}\d[\d.,]{0,30} (?:samples?|images?|imgs?|examples?)\/s(?:ec|econd)?\b(?!\s{0,4}[=:])/iy;

interface Name {
  text: string;
  start: number;
}

/** The name that ends before `end`, one or two spaces allowed; undefined where there is none. */
function nameBefore(line: string, end: number): Name | undefined {
  let last = end;
  while (last > 0 && end - last < 2 && line[last - 1] === ' ') last--;
  let start = last;
  while (start > 0 && last - start <= longestName && nameCharacters.has(line.charAt(start - 1))) start--;
  const length = last - start;
  if (length === 0 || length > longestName) return undefined;
  if (start > 0 && !boundary.test(line.charAt(start - 1))) return undefined;
  return { text: line.slice(start, last), start };
}

/** The word of letters that stands one space before `start`, unless punctuation or a number stands there. */
function wordBefore(line: string, start: number): string | undefined {
  if (line[start - 1] !== ' ') return undefined;
  let first = start - 1;
  while (first > 0 && start - first <= longestName && wordCharacter.test(line.charAt(first - 1))) first--;
  const whole = first === 0 || /[\s,;|:([]/.test(line.charAt(first - 1));
  const word = line.slice(first, start - 1);
  return whole && word !== '' ? word : undefined;
}

function metricAt(line: string, name: Name, separator: string): MetricName | undefined {
  const word = wordBefore(line, name.start);
  if (word === undefined) return metricNamed(name.text);
  const joined = metricOfTwoWords(word, name.text);
  if (joined !== undefined) return joined;
  // `INFO loss: 0.3` and `worker loss=0.3` are values; `packet loss: 3` is prose.
  const prose = separator === ':' && word !== word.toUpperCase();
  return prose || word.toLowerCase() === 'best' ? undefined : metricNamed(name.text);
}

/** `Speed: 200 img/s`: what kind of speed only its unit tells. */
function rateAt(line: string, { text }: Name, start: number): MetricName | undefined {
  if (text.toLowerCase() !== 'speed') return undefined;
  samplesPerSecond.lastIndex = start;
  return samplesPerSecond.test(line) ? 'throughput' : undefined;
}

function read(line: string): Reading | undefined {
  const values = new Map<MetricName, number>();
  const brackets = new BracketSkip();
  let hasSettings = false;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    brackets.pass(character, line.charAt(index - 1));
    if (character !== '=' && character !== ':') continue;
    const name = nameBefore(line, index);
    if (name === undefined) continue;
    hasSettings ||= isSetting(name.text);
    if (brackets.skipping) continue;
    const metric = metricAt(line, name, character) ?? rateAt(line, name, index + 1);
    const value = metric === undefined ? undefined : readQuantity(line, index + 1, metric);
    // The first of several: what follows in parentheses is an average.
    if (metric !== undefined && value !== undefined && !values.has(metric)) values.set(metric, value);
  }
  if (values.size === 0) return undefined;
  const context = readContext(line);
  const placed = context.epoch !== undefined || context.step !== undefined;
  const measured = values.size > 1 || !values.has('lr');
  if (hasSettings ? !(placed && measured) : !(placed || measured)) return undefined;
  return { ...context, values };
}

/** Plain `name=value` and `name: value` pairs with known names. */
export const pairs: Dialect = { name: 'name=value', scope: 'worker', reporters: 'every', start: () => read };
