import type { MetricName } from '../point';
import { readContext } from './pairContext';
import { metricNamed, metricOfTwoWords } from './pairNames';

/** A loss that a line gives as no number: the training has diverged. */
export interface NotFinite {
  name: 'loss' | 'val_loss';
  /** As Python writes it: `nan`, `inf`, `-inf`. */
  text: 'nan' | 'inf' | '-inf';
  /** Undefined where the line does not name one. */
  epoch: number | undefined;
  step: number | undefined;
}

const candidate = /nan|inf/i;
/** Another value, the end of a field or of the line must follow: `loss: nan values were replaced` is prose. */
const pair =
  /(?<![\w.$@/-])(?:([A-Za-z]{1,12}) )?([A-Za-z][\w@/-]{0,31})['"]?(\s{0,2}[=:]\s{0,12}| {1,12})['"]?([-+]?(?:nan|inf(?:inity)?))(?=['"]?(?:\s{0,12}(?:$|[,;|)\]}(])|\s{2}|\t|\s{1,12}(?:- )?[A-Za-z][\w@/-]{0,31}['"]?(?:\s?[=:]| [-+.]?\d)))/gi;

function metricOf(word: string | undefined, printed: string, separator: string): MetricName | undefined {
  if (word === undefined) return metricNamed(printed);
  const joined = metricOfTwoWords(word, printed);
  if (joined !== undefined) return joined;
  return separator.includes(':') && word !== word.toUpperCase() ? undefined : metricNamed(printed);
}

/**
 * The losses of a line that are nan or infinite; other values may be so at the first step and mean nothing. Without `=` or
 * `:` the line must name its place. Total, linear. @param line without escape sequences.
 */
export function readNotFinite(line: string): NotFinite[] {
  if (!candidate.test(line)) return [];
  const found: NotFinite[] = [];
  const context = readContext(line.replaceAll(/["']/g, ''));
  for (const [, word, printed = '', separator = '', value = ''] of line.matchAll(pair)) {
    const metric = metricOf(word, printed, separator);
    const name = (['loss', 'val_loss'] as const).find((one) => one === metric);
    if (name === undefined || found.some((one) => one.name === name)) continue;
    if (separator.trim() === '' && context.epoch === undefined && context.step === undefined) continue;
    const text = /nan/i.test(value) ? 'nan' : value.startsWith('-') ? '-inf' : 'inf';
    found.push({ name, text, ...context });
  }
  return found;
}
