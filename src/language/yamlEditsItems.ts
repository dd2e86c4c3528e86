import { isScalar, type Node } from 'yaml';
import { yamlKey } from './yamlEntryText';
import type { TextEdit } from './types';
import { flowText } from './yamlEditsRender';
import type { EditValue, Reading } from './yamlEditsMeaning';
import { scalarEdit } from './yamlEditsReplace';
import { scalarText } from './yamlEditsScalar';
import {
  isNamed,
  keyOf,
  type KeyValue,
  type Mapping,
  type Sequence,
  type YamlSource,
} from './yamlEditsSource';

/**
 * Edits that make the items of a list these. Items before and behind what differs keep their bytes; undefined where
 * something that is no plain value would have to change.
 */
export function listEdits(
  source: YamlSource,
  sequence: Sequence,
  items: readonly string[],
  reading: Reading,
): TextEdit[] | undefined {
  const old = sequence.items;
  const same = (node: Node | null | undefined, text: string | undefined): boolean =>
    text !== undefined && writtenText(node, reading) === text;
  let before = 0;
  while (before < Math.min(old.length, items.length) && same(old[before], items[before])) before++;
  let behind = 0;
  while (
    behind < Math.min(old.length, items.length) - before &&
    same(old[old.length - 1 - behind], items[items.length - 1 - behind])
  ) {
    behind++;
  }
  const changed = Math.min(old.length, items.length) - before - behind;
  const edits: TextEdit[] = [];
  for (let index = before; index < before + changed; index++) {
    const edit = scalarEdit(source, old[index] ?? null, items[index] ?? '', reading, sequence.flow === true);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  const from = before + changed;
  const added = items.slice(from, items.length - behind);
  if (added.length > 0) return [...edits, insertItems(source, sequence, from, added, reading)];
  const removed = new Set(old.slice(from, old.length - behind).map((_, index) => from + index));
  const spans = old.map((node, index) => itemSpan(source, sequence, node, index));
  const cuts = cut(source, spans, removed, sequence.flow === true);
  return cuts === undefined ? undefined : [...edits, ...cuts];
}

/** Edits that make the entries of a mapping these; entries that stay keep their place and bytes. */
export function entryEdits(
  source: YamlSource,
  map: Mapping,
  { entries, reading }: EditValue & { kind: 'map' },
): TextEdit[] | undefined {
  const wanted = new Map(entries);
  const known = new Set(map.items.map(({ key }) => keyOf(key)));
  const added = entries.filter(([name]) => !known.has(name));
  const flow = map.flow === true;
  const edits: TextEdit[] = [];
  const removed = new Set<number>();
  for (const [index, pair] of map.items.entries()) {
    const name = keyOf(pair.key) ?? '';
    let text = wanted.get(name);
    if (text === undefined) {
      // A name that goes where another one comes is changed in its place.
      const instead = added.shift();
      if (instead === undefined) {
        removed.add(index);
        continue;
      }
      const [start, end] = pair.key.range ?? [0, 0];
      if (isNamed(pair.key)) return undefined;
      edits.push({ start, end, text: yamlKey(instead[0]) });
      text = instead[1];
    }
    if (writtenText(pair.value, reading) === text) continue;
    const edit = pairEdit(source, pair, text, reading, flow);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  const cuts = cut(
    source,
    map.items.map((pair) => pairSpan(source, pair)),
    removed,
    flow,
  );
  if (cuts === undefined) return undefined;
  if (added.length > 0) {
    const last = map.items.at(-1);
    const first = map.items[0]?.key.range?.[0] ?? 0;
    if (last === undefined) return undefined;
    const place = { flow, blockColumn: source.column(first) + source.step, newline: source.newline };
    const lines = added.map(([name, text]) => `${yamlKey(name)}: ${scalarText(text, reading, place)}`);
    const pad = source.newline + ' '.repeat(source.column(first));
    const end = source.endOfPair(last);
    const start = flow ? end : source.lineEnd(end);
    edits.push({ start, end: start, text: lines.map((line) => (flow ? `, ${line}` : pad + line)).join('') });
  }
  return [...edits, ...cuts];
}

interface Span {
  start: number;
  end: number;
}

/** Where a pair stands; undefined for one that a form does not touch. */
export function pairSpan(source: YamlSource, pair: KeyValue): Span | undefined {
  const start = pair.key.range?.[0];
  if (start === undefined || isNamed(pair.key)) return undefined;
  if (source.afterColon(pair) === undefined) return undefined;
  return { start, end: source.endOfPair(pair) };
}

function itemSpan(
  source: YamlSource,
  sequence: Sequence,
  node: Node | null,
  index: number,
): Span | undefined {
  const start = sequence.flow === true ? node?.range?.[0] : source.dash(sequence, index);
  if (start === undefined) return undefined;
  const end = node === null ? start + 1 : Math.max(start + 1, source.endOf(node));
  return { start, end };
}

/**
 * Takes things out of a block by whole lines, out of a flow collection with their commas. Never takes all of them, nor a
 * comment between commas: undefined then.
 */
export function cut(
  source: YamlSource,
  spans: readonly (Span | undefined)[],
  removed: ReadonlySet<number>,
  flow: boolean,
): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (let index = 0; index < spans.length; index++) {
    if (!removed.has(index)) continue;
    let last = index;
    if (flow) while (removed.has(last + 1)) last++;
    const [before, first, end, after] = [spans[index - 1], spans[index], spans[last], spans[last + 1]];
    if (first === undefined || end === undefined) return undefined;
    if (!flow) {
      if (!source.beginsLine(first.start)) return undefined;
      const lines = source.lines(first.start, end.end);
      // The last line of a file goes with the line break before it, which may have gone already.
      edits.push({ ...lines, start: Math.max(lines.start, edits.at(-1)?.end ?? 0) });
      continue;
    }
    const edit =
      before !== undefined
        ? { start: before.end, end: end.end, text: '' }
        : { start: first.start, end: after?.start ?? -1, text: '' };
    if (edit.end === -1 || source.mayHaveComment(edit.start, edit.end)) return undefined;
    edits.push(edit);
    index = last;
  }
  return edits;
}

function insertItems(
  source: YamlSource,
  sequence: Sequence,
  index: number,
  items: readonly string[],
  reading: Reading,
): TextEdit {
  const flow = sequence.flow === true;
  const [before, next] = [index - 1, index].map((at) =>
    itemSpan(source, sequence, sequence.items[at] ?? null, at),
  );
  if (flow) {
    const text = items.map((item) => flowText([], { kind: 'scalar', text: item, reading }, source.newline));
    if (before !== undefined) return { start: before.end, end: before.end, text: `, ${text.join(', ')}` };
    const start = next?.start ?? (sequence.range?.[0] ?? 0) + 1;
    return { start, end: start, text: text.join(', ') + (next === undefined ? '' : ', ') };
  }
  const column = source.column(before?.start ?? next?.start ?? 0);
  const place = { flow, blockColumn: column + 2, newline: source.newline };
  const lines = items.map((item) => `${' '.repeat(column)}- ${scalarText(item, reading, place)}`);
  if (before !== undefined) {
    const start = source.lineEnd(before.end);
    return { start, end: start, text: lines.map((line) => source.newline + line).join('') };
  }
  const start = source.lineStart(next?.start ?? 0);
  return { start, end: start, text: lines.map((line) => line + source.newline).join('') };
}

function pairEdit(
  source: YamlSource,
  pair: KeyValue,
  text: string,
  reading: Reading,
  flow: boolean,
): TextEdit | undefined {
  const colon = source.afterColon(pair);
  return scalarEdit(source, pair.value, text, reading, flow, colon);
}

/** What a scalar says in the file; undefined for anything else, and for what is not read in this way. */
function writtenText(node: Node | null | undefined, reading: Reading): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  if (typeof node.value === 'string') return node.value;
  return reading === 'text' ? undefined : node.source;
}
