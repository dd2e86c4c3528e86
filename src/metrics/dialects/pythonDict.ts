import { decimal } from './number';

const pair = new RegExp(
  `(['"])([A-Za-z][\\w/@.-]{0,80})\\1: {0,2}['"]?(${decimal})['"]?(?=\\s{0,2}[,}])`,
  'g',
);

/** The numbers of a flat dictionary of Python (`{'loss': 0.4, 'epoch': '1.0'}`) or object of JSON, by key; the first of each. */
export function readDict(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, , key = '', value] of text.matchAll(pair)) {
    if (!found.has(key)) found.set(key, Number(value));
  }
  return found;
}
