import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Path } from '../config/yamlPath';
import { applyEdits } from './applyEdits';
import type { TextEdit } from './types';
import { cut, entryEdits, listEdits, pairSpan } from './yamlEditsItems';
import { meansEdit, type EditValue } from './yamlEditsMeaning';
import { blockLines, flowText } from './yamlEditsRender';
import { scalarEdit } from './yamlEditsReplace';
import { isMissing, isNamed, YamlSource, type KeyValue, type Mapping, type Place } from './yamlEditsSource';

/** How many steps of a path name an entry: `launches`, its name. */
const entryDepth = 2;

/**
 * Smallest edits that make the value at a path of a `rankwise.yaml` this one, or take it out (undefined, or a list or
 * mapping without elements). All other values keep their meaning, all other bytes stay: comments, order, quotes, line
 * ends. A mapping below an entry that would be left empty goes too.
 * @returns undefined where that cannot be done: the text does not parse, or an anchor, alias, merge key, tag or comment
 *   is in the way
 */
export function setValue(text: string, path: Path, value: EditValue | undefined): TextEdit[] | undefined {
  const source = YamlSource.read(text);
  const found = source?.find(path);
  if (source === undefined || found === undefined) return undefined;
  const wanted = value !== undefined && isEmpty(value) ? undefined : value;
  const edits = wanted === undefined ? removal(source, found) : putting(source, found, wanted);
  if (edits === undefined) return undefined;
  const least = edits
    .map((edit) => trimmed(text, edit))
    .filter(({ start, end, text }) => start < end || text !== '');
  // What the file means afterwards is proved, not hoped for.
  return meansEdit(text, applyEdits(text, least), path, wanted) ? least : undefined;
}

function isEmpty(value: EditValue): boolean {
  return (
    (value.kind === 'list' && value.items.length === 0) ||
    (value.kind === 'map' && value.entries.length === 0)
  );
}

type Found = { places: Place[]; rest: string[] };

function putting(source: YamlSource, { places, rest }: Found, value: EditValue): TextEdit[] | undefined {
  const last = places.at(-1);
  if (last === undefined) return insertPair(source, source.root, rest, value);
  if (rest.length === 0) return replace(source, last, value);
  const { value: below } = last.pair;
  const empty = isMap(below) && /^\{[ \t]*\}$/.test(source.text.slice(below.range?.[0], below.range?.[1]));
  if (last.map.flow !== true && !isNamedOrNull(below) && (empty || isMissing(below))) {
    return firstPair(source, last, rest, value);
  }
  if (isMap(below)) return insertPair(source, below as unknown as Mapping, rest, value);
  const colon = source.afterColon(last.pair);
  if (!isMissing(below) || colon === undefined) return undefined;
  return [{ start: colon, end: colon, text: ` { ${flowText(rest, value, source.newline)} }` }];
}

function isNamedOrNull(node: Node | null): boolean {
  return node === null || isNamed(node);
}

/** Puts a block below a key that has nothing, or `{}`. */
function firstPair(
  source: YamlSource,
  { pair }: Place,
  rest: string[],
  value: EditValue,
): TextEdit[] | undefined {
  const colon = source.afterColon(pair);
  const [start, end] = [pair.key.range?.[0], pair.value?.range?.[1]];
  if (colon === undefined || start === undefined || end === undefined) return undefined;
  const { newline, step } = source;
  const lines = blockLines(rest, value, source.column(start) + step, step, newline);
  const at = source.lineEnd(colon);
  const block = { start: at, end: at, text: lines.map((line) => newline + line).join('') };
  return isMissing(pair.value) ? [block] : [{ start: colon, end, text: '' }, block];
}

function insertPair(
  source: YamlSource,
  map: Mapping,
  rest: string[],
  value: EditValue,
): TextEdit[] | undefined {
  const last = map.items.at(-1);
  const { newline } = source;
  if (map.flow === true) {
    const text = flowText(rest, value, newline);
    const start = last === undefined ? (map.range?.[0] ?? 0) + 1 : source.endOfPair(last);
    return [{ start, end: start, text: last === undefined ? ` ${text} ` : `, ${text}` }];
  }
  const first = map.items[0]?.key.range?.[0];
  if (last === undefined || first === undefined) return undefined;
  const lines = blockLines(rest, value, source.column(first), source.step, newline);
  const start = source.lineEnd(source.endOfPair(last));
  return [{ start, end: start, text: lines.map((line) => newline + line).join('') }];
}

function replace(source: YamlSource, { map, pair }: Place, value: EditValue): TextEdit[] | undefined {
  const { value: node } = pair;
  const flow = map.flow === true;
  const colon = source.afterColon(pair);
  if (colon === undefined || (node !== null && isNamed(node))) return undefined;
  const isPlain = node === null || isScalar(node);
  if (value.kind === 'scalar' && isPlain) {
    const edit = scalarEdit(source, node, value.text, value.reading, flow, colon);
    return edit === undefined ? undefined : [edit];
  }
  if (value.kind === 'list' && isSeq(node) && node.items.length > 0) {
    return listEdits(source, node as Parameters<typeof listEdits>[1], value.items, value.reading);
  }
  if (value.kind === 'map' && isMap(node) && node.items.length > 0) {
    return entryEdits(source, node as unknown as Mapping, value);
  }
  return otherKind(source, pair, colon, value, flow);
}

/** A list where text was, or the other way round: on one line, behind the key. */
function otherKind(
  source: YamlSource,
  pair: KeyValue,
  colon: number,
  value: EditValue,
  flow: boolean,
): TextEdit[] | undefined {
  const { newline, step } = source;
  if (isMissing(pair.value) && !flow && value.kind !== 'scalar') {
    const column = source.column(pair.key.range?.[0] ?? 0);
    const [, ...lines] = blockLines(['k'], value, column, step, newline);
    const at = source.lineEnd(colon);
    return [{ start: at, end: at, text: lines.map((line) => newline + line).join('') }];
  }
  const end = source.endOfPair(pair);
  if (source.mayHaveComment(colon, end)) return undefined;
  return [{ start: colon, end, text: ` ${flowText([], value, newline)}` }];
}

function removal(source: YamlSource, { places, rest }: Found): TextEdit[] | undefined {
  if (rest.length > 0) return [];
  let depth = places.length - 1;
  const isAlone = (): boolean => places[depth]?.map.items.length === 1;
  // An entry stays where its last key goes; a section goes with its last entry.
  while (isAlone() && depth !== entryDepth && depth > 0) depth--;
  const place = places[depth];
  if (place === undefined) return undefined;
  const { map, pair } = place;
  if (isAlone()) return emptied(source, places[depth - 1], place);
  const spans = map.items.map((one) => pairSpan(source, one));
  return cut(source, spans, new Set([map.items.indexOf(pair)]), map.flow === true);
}

/** Leaves `{}` of a mapping. */
function emptied(
  source: YamlSource,
  parent: Place | undefined,
  { map, pair }: Place,
): TextEdit[] | undefined {
  const colon = parent === undefined ? undefined : source.afterColon(parent.pair);
  const span = pairSpan(source, pair);
  if (colon === undefined || span === undefined) return undefined;
  if (map.flow === true) {
    const [start, end] = map.range ?? [0, 0];
    return source.mayHaveComment(start, end) ? undefined : [{ start, end, text: '{}' }];
  }
  if (!source.beginsLine(span.start)) return undefined;
  return [{ start: colon, end: colon, text: ' {}' }, source.lines(span.start, span.end)];
}

/** The same edit without what it would replace by itself. */
function trimmed(source: string, { start, end, text }: TextEdit): TextEdit {
  let before = 0;
  while (start + before < end && before < text.length && source[start + before] === text[before]) before++;
  let behind = 0;
  const most = Math.min(end - start, text.length) - before;
  while (behind < most && source[end - 1 - behind] === text[text.length - 1 - behind]) behind++;
  return { start: start + before, end: end - behind, text: text.slice(before, text.length - behind) };
}
