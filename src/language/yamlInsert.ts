import {
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  parseDocument,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { parseYaml, type YamlNode } from '../config/yamlTree';
import { applyEdits } from './applyEdits';
import type { TextEdit } from './types';
import { blockEntry, flowEntry } from './yamlEntryText';

type Section = 'clusters' | 'launches';
type Entry = { section: Section; name: string; yaml: string };
type Mapping = YAMLMap<Node, Node | null>;

/**
 * Edits that put a new cluster or launch behind the others of a `rankwise.yaml`. Everything that is there stays byte for
 * byte; the new lines have the indentation, blank lines and line ends of the file. A missing section is made, an empty
 * file begins with `version: 1`.
 * @param name the key, which the section must not have yet
 * @param yaml the value as block YAML that begins in the first column; its comments are kept
 * @returns undefined where nothing can be put in safely: either text does not parse, the name is taken, or the section
 *   is an alias or no mapping
 */
export function insertEntry(
  text: string,
  section: Section,
  name: string,
  yaml: string,
): TextEdit[] | undefined {
  const old = parseYaml(text);
  const value = parseYaml(yaml);
  if (value.root === undefined || value.problems.length > 0 || old.problems.length > 0) return undefined;
  const expected = withEntry(old.root, { section, name, yaml }, meaning(value.root));
  if (expected === undefined) return undefined;
  // What the file means afterwards is proved, not hoped for: YAML has more forms than anybody thinks of.
  const edit = candidates(text, { section, name, yaml }).find((candidate) => {
    const result = parseYaml(applyEdits(text, [candidate]));
    return result.problems.length === 0 && result.root !== undefined && same(meaning(result.root), expected);
  });
  return edit === undefined ? undefined : [edit];
}

/** Where the entry may go, best first. */
function candidates(text: string, entry: Entry): TextEdit[] {
  const { contents } = parseDocument(text, { schema: 'core', merge: true, prettyErrors: false });
  const { section, name, yaml } = entry;
  if (contents === null || isEmptyScalar(contents)) {
    return [newLines(text, text.length, ['version: 1', `${section}:`, ...blockEntry(name, yaml, 2, 2)])];
  }
  if (!isMap(contents)) return [];
  const root = contents as unknown as Mapping;
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === section);
  if (pair === undefined) return newSection(text, root, entry);
  const { value } = pair;
  if (isMap(value) && value.items.length > 0) return intoSection(text, root, value as Mapping, entry);
  if (value === null || isMap(value) || (isScalar(value) && value.value === null)) {
    return intoEmptySection(text, root, pair, entry);
  }
  return [];
}

function newSection(text: string, root: Mapping, { section, name, yaml }: Entry): TextEdit[] {
  if (root.flow === true) {
    return [intoFlow(text, root, `${section}: { ${flowEntry(name, yaml, '  ')} }`)];
  }
  const column = columnOf(text, root);
  const lines = [`${' '.repeat(column)}${section}:`, ...blockEntry(name, yaml, column + 2, 2)];
  return behind(text, root, column, spaced(text, root) ? ['', ...lines] : lines);
}

function intoSection(text: string, root: Mapping, map: Mapping, { name, yaml }: Entry): TextEdit[] {
  const column = columnOf(text, map);
  if (map.flow === true) return [intoFlow(text, map, flowEntry(name, yaml, ' '.repeat(column + 2)))];
  const inner = map.items.map(({ value }) => value).find((value) => isMap(value) && value.flow !== true);
  const step = column - columnOf(text, root);
  const lines = blockEntry(
    name,
    yaml,
    column,
    isMap(inner) ? columnOf(text, inner as Mapping) - column : step,
  );
  return behind(text, map, column, spaced(text, map) ? ['', ...lines] : lines);
}

/** A section without an entry: `launches:`, `launches: null`, `launches: {}`. */
function intoEmptySection(
  text: string,
  root: Mapping,
  { key, value }: Pair<Node, Node | null>,
  { name, yaml }: Entry,
): TextEdit[] {
  const column = columnOf(text, root);
  const block = blockEntry(name, yaml, column + 2, 2);
  const [start, end] = value?.range ?? [key.range?.[1] ?? 0, key.range?.[1] ?? 0];
  const written = text.slice(start, end);
  if (root.flow !== true && written === '') {
    return [newLines(text, withComments(text, key.range?.[1] ?? 0, column + 1), block)];
  }
  const flow = flowEntry(name, yaml, ' '.repeat(column + 2));
  const inside: TextEdit =
    isMap(value) && value.flow === true
      ? { start: start + 1, end: start + 1, text: ` ${flow} ` }
      : { start, end, text: ` { ${flow} }`.slice(/\s$/.test(text.slice(0, start)) ? 1 : 0) };
  const alone = root.flow !== true && /^[ \t]*(?:[\r\n]|$)/.test(text.slice(end)) && !written.includes('#');
  if (!alone) return [inside];
  const from = text.slice(0, start).trimEnd().length;
  return [{ start: from, end, text: newlineOf(text) + block.join(newlineOf(text)) }, inside];
}

/** An entry more between braces. A comment on the last line stays on it. */
function intoFlow(text: string, map: Mapping, entry: string): TextEdit {
  const last = map.items.at(-1);
  if (last === undefined) {
    const start = (map.range?.[0] ?? 0) + 1;
    return { start, end: start, text: ` ${entry} ` };
  }
  const start = last.value?.range?.[1] ?? last.key.range?.[1] ?? text.length;
  return { start, end: start, text: `, ${entry}` };
}

/** New lines behind the last value of a block: in front of blank lines, unless those are part of a text. */
function behind(text: string, map: Mapping, column: number, lines: readonly string[]): TextEdit[] {
  const end = lastNode(map).range?.[1] ?? text.length;
  return [text.slice(0, end).trimEnd().length, end].map((from) =>
    newLines(text, withComments(text, from, column), lines),
  );
}

/** What a block ends with. Its own range goes on over the comments of what follows. */
function lastNode(node: Node): Node {
  if (!isCollection(node) || node.flow === true) return node;
  const last = node.items.at(-1);
  const below = isPair<Node, Node | null>(last) ? (last.value ?? last.key) : last;
  return isNode(below) ? lastNode(below) : node;
}

/** The end of the line of `from`, or of the last comment below it at `column` or further right. */
function withComments(text: string, from: number, column: number): number {
  const lineBreak = /[\r\n]/g;
  const endOfLine = (offset: number): number => {
    lineBreak.lastIndex = offset;
    return lineBreak.exec(text)?.index ?? text.length;
  };
  let end = startsLine(text, from) ? from : endOfLine(from);
  const line = /(?:\r\n|\n|\r)?([ \t]*)(#?)/y;
  line.lastIndex = end;
  for (let at = end; at < text.length; at = line.lastIndex = endOfLine(line.lastIndex)) {
    const [, indentation = '', comment] = line.exec(text) ?? [];
    if (comment === '#' && indentation.length >= column) end = endOfLine(line.lastIndex);
    else if (endOfLine(line.lastIndex) !== line.lastIndex) return end;
  }
  return end;
}

function newLines(text: string, offset: number, lines: readonly string[]): TextEdit {
  const newline = newlineOf(text);
  const block = lines.join(newline);
  return {
    start: offset,
    end: offset,
    text: startsLine(text, offset) ? block + newline : newline + block,
  };
}

function newlineOf(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

function startsLine(text: string, offset: number): boolean {
  return offset === 0 || /[\r\n\uFEFF]/.test(text[offset - 1] ?? '');
}

function columnOf(text: string, map: Mapping): number {
  const start = map.items[0]?.key.range?.[0] ?? map.range?.[0] ?? 0;
  const before = text.slice(0, start);
  return start - 1 - Math.max(...['\n', '\r', '\uFEFF'].map((character) => before.lastIndexOf(character)));
}

/** True where a blank line parts the last two entries. */
function spaced(text: string, { items }: Mapping): boolean {
  const [before, last] = items.slice(-2).map(({ key }) => key.range?.[0]);
  if (before === undefined || last === undefined) return false;
  return /(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)/.test(text.slice(before, last));
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1];
}

type Meaning = string | Meaning[] | Map<string, Meaning>;

/** A tree with every value as it is written. */
function meaning(node: YamlNode): Meaning {
  if (node.kind === 'scalar') return `${typeof node.value} ${node.text}`;
  if (node.kind === 'list') return node.items.map(meaning);
  return new Map([...node.entries].map(([key, { value }]) => [key, meaning(value)]));
}

/** What the file has to mean afterwards; undefined where it cannot take the entry. */
function withEntry(
  root: YamlNode | undefined,
  { section, name }: Entry,
  value: Meaning,
): Meaning | undefined {
  const old = root === undefined ? '' : meaning(root);
  if (typeof old === 'string') {
    return new Map<string, Meaning>([
      ['version', 'number 1'],
      [section, new Map([[name, value]])],
    ]);
  }
  if (Array.isArray(old)) return undefined;
  const entries = old.get(section);
  if (Array.isArray(entries) || (entries instanceof Map && entries.has(name))) return undefined;
  return new Map(old).set(section, new Map(entries instanceof Map ? entries : []).set(name, value));
}

/** Equal whatever the order of keys: merged keys come after own ones. */
function same(a: Meaning | undefined, b: Meaning | undefined): boolean {
  if (typeof a === 'string' || a === undefined || typeof b === 'string' || b === undefined) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]))
    );
  }
  return a.size === b.size && [...a].every(([key, value]) => same(value, b.get(key)));
}
