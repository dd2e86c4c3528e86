import { locate, type Path } from '../config/yamlPath';
import type { RankwiseFile } from './rankwiseFile';
import { isBefore } from './rankwiseFile';
import type { TextEdit } from './types';

/**
 * Takes a key with its value, or an element of a list, out of the file. Undefined where that takes more than cutting its
 * lines or its piece between commas: an only entry, a value behind an alias, an entry on the line of a dash.
 */
export function removal({ text, root, lines }: RankwiseFile, path: Path): TextEdit | undefined {
  if (root === undefined) return undefined;
  const parent = locate(root, path.slice(0, -1));
  const place = locate(root, path);
  if (!parent.complete || !place.complete || parent.node.kind === 'scalar') return undefined;
  const count = parent.node.kind === 'map' ? parent.node.entries.size : parent.node.items.length;
  const from = place.keyRange ?? place.node.range;
  if (count < 2 || isBefore(place.node.range.start, from.start)) return undefined;
  if (isBefore(from.start, parent.node.range.start)) return undefined;
  const start = lines.offset(from.start);
  const end = Math.max(lines.offset(from.end), lines.offset(place.node.range.end));
  const first = text[lines.offset(parent.node.range.start)];
  if (first === '{' || first === '[') return betweenCommas(text, start, end);
  const lineStart = lines.offset({ line: from.start.line, character: 0 });
  const lead = text.slice(lineStart, start);
  const tail = /[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|$)/y;
  tail.lastIndex = end;
  const rest = tail.exec(text)?.[0];
  const isOwnLine = parent.node.kind === 'map' ? /^ *$/.test(lead) : /^ *- +$/.test(lead);
  if (!isOwnLine || rest === undefined || text[end] === ':') return undefined;
  return { start: lineStart, end: end + rest.length, text: '' };
}

function betweenCommas(text: string, start: number, end: number): TextEdit | undefined {
  const behind = /\s*:?\s*,[ \t]*/y;
  behind.lastIndex = end;
  const comma = behind.exec(text);
  if (comma !== null) return { start, end: end + comma[0].length, text: '' };
  const before = /,\s*$/.exec(text.slice(Math.max(0, start - 200), start));
  return before === null ? undefined : { start: start - before[0].length, end, text: '' };
}
