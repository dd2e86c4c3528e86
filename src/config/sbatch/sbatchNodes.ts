import { int32, wholeNumber } from './sbatchNumbers';

const units = { k: 1024n, m: 1024n * 1024n } as const;

/**
 * Least and most nodes of `--nodes`, as sbatch reads it: `4`, `2-4`, `-4`, `1k`. `most` is undefined where there is no
 * limit. Undefined for what it refuses.
 */
export function nodeRange(text: string): { least: number; most: number | undefined } | undefined {
  const dash = text.indexOf('-');
  if (dash === -1) {
    const count = nodeCount(text);
    return count === undefined || count < 0 ? undefined : { least: count, most: count };
  }
  const before = text.slice(0, dash);
  const least = before === '' ? 1 : nodeCount(before);
  const most = dash === text.length - 1 ? -1 : nodeCount(text.slice(dash + 1));
  if (least === undefined || most === undefined || least < 0 || (most !== 0 && most < least))
    return undefined;
  return { least, most: most === 0 ? undefined : most };
}

function nodeCount(text: string): number | undefined {
  const [, number, unit] = /^(.*?)([km])?$/is.exec(text) ?? [];
  const value = number === undefined ? undefined : wholeNumber(number);
  if (value === undefined) return undefined;
  return int32(value * (unit === undefined ? 1n : units[unit.toLowerCase() as keyof typeof units]));
}

/**
 * Whether sbatch itself refuses a list of nodes: ranges that are none, brackets in brackets, a name after a bracket.
 * Names that are not there are the site's matter.
 */
export function isNodeListRefused(text: string): boolean {
  return nodeItems(text).some(({ brackets, rest }) => rest !== '' || !brackets.flat().every(isRange));
}

/** How many nodes a list names; undefined where it is a file or cannot be read. */
export function namedNodes(text: string): number | undefined {
  if (text.includes('/') || isNodeListRefused(text)) return undefined;
  return nodeItems(text).reduce(
    (count, { brackets }) => count + brackets.reduce((product, ranges) => product * sizeOf(ranges), 1),
    0,
  );
}

/** One name of a list: the ranges in each of its brackets, and what stands after them. */
interface NodeItem {
  brackets: string[][];
  rest: string;
}

function nodeItems(text: string): NodeItem[] {
  if (text.includes('/')) return [];
  const items: NodeItem[] = [];
  for (let at = 0; at < text.length;) {
    const item: NodeItem = { brackets: [], rest: '' };
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '[') at += 1;
    for (let close; text[at] === '['; at = close + 1) {
      close = text.indexOf(']', at);
      if (close === -1) return items;
      item.brackets.push(text.slice(at + 1, close).split(','));
    }
    const comma = text.indexOf(',', at);
    const end = comma === -1 ? text.length : comma;
    item.rest = text.slice(at, end);
    if (end > start) items.push(item);
    at = end + 1;
  }
  return items;
}

function sizeOf(ranges: string[]): number {
  return ranges.reduce((sum, part) => {
    const [first, last] = part.split('-');
    return sum + Number(last === '' ? first : (last ?? first)) - Number(first) + 1;
  }, 0);
}

function isRange(part: string): boolean {
  // A range without an end is its first name, and strtoul takes a sign.
  const [, first, last] = /^(\+?\d+)(?:-(\+?\d+)?)?$/.exec(part) ?? [];
  if (first === undefined) return false;
  return last === undefined || (Number(last) >= Number(first) && Number(last) - Number(first) < 65_536);
}
