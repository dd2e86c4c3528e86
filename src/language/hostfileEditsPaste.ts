import { RankwiseError } from '../base/errors';
import { hostfileRows } from './hostfileEditsRows';

/** Brackets in one name: `rack[1-4]node[1-8]` has two. */
const mostRanges = 10;

/** More than any cluster has; a slip such as `node[1-1000000]` is no cluster. */
const mostHosts = 10_000;

/**
 * Lines of a hostfile from what a person typed or pasted: lines of a hostfile, a list with commas or blanks, ranges as
 * Slurm and pdsh write them (`node[1-16]`, `gpu[01-04,07]`), counts as `mpirun -H` takes them (`node1:4`).
 * @param slots for hosts whose slots are not said; empty: said by none
 * @throws RankwiseError `hostfile.range`, `hostfile.tooMany`
 */
export function pastedHosts(pasted: string, slots: string): string[] {
  const lines: string[] = [];
  for (const row of hostfileRows(pasted)) {
    const line = row.text.trim();
    if (line === '') continue;
    if (row.kind === 'comment' || row.kind === 'disabled') lines.push(line);
    else {
      for (const entry of entriesOf(line)) {
        if (entry.host.split('[', mostRanges + 2).length > mostRanges + 1) throw unreadable(entry.host);
        for (const host of expanded(entry.host, mostHosts - lines.length)) {
          const rest = entry.rest === '' && slots !== '' ? ` slots=${slots}` : entry.rest;
          lines.push(`${host}${rest}`);
        }
      }
    }
  }
  return lines;
}

/** `node1 slots=4 # note` is one host with settings; `node1 node2` and `node1,node2` are two. */
function entriesOf(line: string): { host: string; rest: string }[] {
  const list = line
    .replace(/^[-*] +/, '')
    .replaceAll(/["'`]/g, '')
    .replaceAll(';', ',');
  const settled = /^([^\s,=#]+)(\s+[^\s=]+\s*=.*|\s*#.*)$/.exec(list);
  if (settled !== null && !list.startsWith('#')) return [{ host: settled[1] ?? '', rest: settled[2] ?? '' }];
  return splitOutside(list)
    .filter((word) => word !== '')
    .map((word) => {
      const count = /^([^:]+):(\d+)$/.exec(word);
      return count === null
        ? { host: word, rest: '' }
        : { host: count[1] ?? '', rest: ` slots=${count[2] ?? ''}` };
    });
}

/** Splits at commas and blanks that stand outside of brackets. */
function splitOutside(list: string): string[] {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  for (const character of list) {
    if (character === '[') depth += 1;
    else if (character === ']') depth -= 1;
    if (depth <= 0 && /[\s,]/.test(character)) {
      words.push(word);
      word = '';
    } else word += character;
  }
  words.push(word);
  return words;
}

function expanded(pattern: string, room: number): string[] {
  const open = pattern.indexOf('[');
  if (open < 0) return checked([pattern], room);
  const close = pattern.indexOf(']', open);
  if (close < 0) throw unreadable(pattern);
  const [before, after] = [pattern.slice(0, open), pattern.slice(close + 1)];
  const numbers: string[] = [];
  for (const part of pattern.slice(open + 1, close).split(',')) {
    numbers.push(...rangeOf(part.trim(), pattern, room - numbers.length));
  }
  const rest = expanded(after, room);
  if (numbers.length * rest.length > room) throw tooMany();
  return numbers.flatMap((number) => rest.map((end) => `${before}${number}${end}`));
}

function rangeOf(part: string, pattern: string, room: number): string[] {
  const [, from, to] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part) ?? [];
  if (from === undefined) throw unreadable(pattern);
  const [first, last] = [Number(from), Number(to ?? from)];
  if (last < first) throw unreadable(pattern);
  if (last - first >= room) throw tooMany();
  return Array.from({ length: last - first + 1 }, (_, index) =>
    String(first + index).padStart(from.length, '0'),
  );
}

function checked(hosts: string[], room: number): string[] {
  if (hosts.length > room) throw tooMany();
  return hosts;
}

function unreadable(pattern: string): RankwiseError {
  const shown = pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern;
  return new RankwiseError('hostfile.range', `\`${shown}\` is no range of hosts`, {
    nextStep: 'Write it as `node[1-16]` or `node[01-04,07]`.',
  });
}

function tooMany(): RankwiseError {
  return new RankwiseError('hostfile.tooMany', `these are more than ${mostHosts} hosts`, {
    nextStep: 'Check the range.',
  });
}
