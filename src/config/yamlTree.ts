import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { isTooLarge, tooLargeReason } from './largestText';
import { LineIndex } from './lineIndex';
import type { Problem, Range } from './problem';
import { yamlChunks, type YamlChunk, type YamlSection } from './yamlChunks';
import { isTooDeep } from './yamlDepth';

export interface YamlScalar {
  kind: 'scalar';
  value: string | number | boolean | null;
  /** The value as it is written: `1.10` and `0x1F` keep their form. For text: the text itself. */
  text: string;
  /** True for `key:` with nothing after it. */
  missing: boolean;
  range: Range;
  size: number;
}

export interface YamlList {
  kind: 'list';
  items: YamlNode[];
  range: Range;
  size: number;
}

export interface YamlEntry {
  keyRange: Range;
  value: YamlNode;
}

export interface YamlMapping {
  kind: 'map';
  entries: Map<string, YamlEntry>;
  range: Range;
  size: number;
}

/** YAML with every value's place: aliases and merge keys are resolved to where the value is written. */
export type YamlNode = YamlScalar | YamlList | YamlMapping;

/** Values a file may have once its aliases are followed; more is an attack or a mistake. */
const maxSize = 200_000;

/** Parses one YAML document. Never throws: what cannot be read is a problem and leaves the rest standing. */
export function parseYaml(text: string): {
  root: YamlNode | undefined;
  problems: Problem[];
  lines: LineIndex;
} {
  const lines = new LineIndex(text);
  const reader = new Reader(text, lines);
  // It would keep everything else waiting for seconds.
  if (isTooLarge(text)) {
    reader.problem(
      `This file is too large: ${tooLargeReason(text.length, 'characters')}. Split it.`,
      lines.lineRange(0),
    );
    return { root: undefined, problems: reader.problems, lines };
  }
  try {
    const root = reader.pieces() ?? reader.whole();
    if (root !== undefined && root.size > maxSize) {
      reader.problem(`Aliases make this file larger than ${maxSize} values. Write fewer.`, root.range);
      return { root: undefined, problems: reader.problems, lines };
    }
    return { root, problems: reader.problems, lines };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    reader.problem(
      'This YAML is nested too deeply to be read. Use fewer levels.',
      lines.range(0, text.length),
    );
    return { root: undefined, problems: reader.problems, lines };
  }
}

const options = { schema: 'core', merge: true, prettyErrors: false } as const;

/** @throws RangeError for text that is nested too deeply */
function parsed(text: string): Document.Parsed {
  if (isTooDeep(text)) throw new RangeError('nested too deeply');
  return parseDocument(text, options);
}

/** A piece of a file as the parser read it. */
interface ReadChunk {
  contents: Node | null;
  errors: readonly YAMLError[];
}

/** Pieces by their text, the latest used last. */
const readChunks = new Map<string, ReadChunk>();

/** Characters of the pieces that are kept; a keystroke changes one of them. */
const maxKept = 1_000_000;
let kept = 0;

/** A piece by itself, or undefined where it has an error that may reach beyond it. The same text is parsed once. */
function readChunk(text: string): ReadChunk | undefined {
  let chunk = readChunks.get(text);
  if (chunk !== undefined) readChunks.delete(text);
  else {
    const { contents, errors, warnings } = parsed(text);
    if (warnings.length > 0 || !isMap(contents) || !errors.every(staysInside)) return undefined;
    chunk = { contents, errors };
    kept += text.length;
  }
  readChunks.set(text, chunk);
  for (const [oldest] of readChunks) {
    if (kept <= maxKept) break;
    readChunks.delete(oldest);
    kept -= oldest.length;
  }
  return chunk;
}

/** A key that is being typed: it has no colon yet. An open bracket or quote is an error of another kind. */
function staysInside({ code, message }: YAMLError): boolean {
  return (
    code === 'MULTILINE_IMPLICIT_KEY' ||
    (code === 'MISSING_CHAR' && message.startsWith('Implicit map keys need to be followed by map values'))
  );
}

/** The parser often names a single character: the whole word is easier to see. */
function wordEnd(text: string, [start, end]: [number, number]): number {
  if (end > start + 1) return end;
  const word = /[\w.-]+/y;
  word.lastIndex = start;
  return Math.max(end, start + (word.exec(text)?.[0].length ?? 0));
}

class Reader {
  readonly problems: Problem[] = [];
  private readonly anchors = new Map<string, YamlNode>();
  /** Where the piece begins that is read. */
  private base = 0;

  constructor(
    private readonly text: string,
    private readonly lines: LineIndex,
  ) {}

  problem(message: string, range: Range): void {
    this.problems.push({ code: 'rankwise.syntax', severity: 'error', message, range });
  }

  whole(): YamlNode | undefined {
    this.base = 0;
    const document = parsed(this.text);
    this.syntaxProblems([...document.errors, ...document.warnings]);
    return document.contents === null ? undefined : this.node(document.contents);
  }

  /** The file from its pieces, which is the same as from the whole; undefined where it cannot be. */
  pieces(): YamlNode | undefined {
    const parts = yamlChunks(this.text);
    if (parts === undefined) return undefined;
    const read = parts.map((part) =>
      ('entries' in part ? part.entries : [part]).map((chunk) => ({ chunk, read: readChunk(chunk.text) })),
    );
    if (read.flat().some((piece) => piece.read === undefined)) return undefined;
    for (const { chunk, read: { errors } = { errors: [] } } of read.flat()) {
      this.base = chunk.start;
      this.syntaxProblems(errors);
    }
    return this.joined(
      parts.map((part, index) => {
        const nodes = (read[index] ?? []).map((piece) => piece.read?.contents ?? null);
        return 'entries' in part ? this.section(part, nodes) : this.chunk(part, nodes[0] ?? null);
      }),
    );
  }

  private syntaxProblems(errors: readonly YAMLError[]): void {
    for (const { message, pos } of errors) {
      const [start, end] = [this.base + pos[0], this.base + pos[1]];
      const range = this.lines.range(start, wordEnd(this.text, [start, end]));
      this.problem(`${message.replace(/\.?$/, '')}. Correct the YAML here.`, range);
    }
  }

  private chunk({ start }: YamlChunk, node: Node | null): YamlNode {
    this.base = start;
    return this.node(node);
  }

  private section({ key, start, entries }: YamlSection, nodes: readonly (Node | null)[]): YamlNode {
    const below = this.joined(entries.map((entry, index) => this.chunk(entry, nodes[index] ?? null)));
    const keyRange = this.lines.range(start, start + key.length);
    const range = { start: keyRange.start, end: below?.range.end ?? keyRange.end };
    const value = below ?? this.scalar(null, '', true, range);
    return { kind: 'map', entries: new Map([[key, { keyRange, value }]]), range, size: 1 + value.size };
  }

  /** Mappings that follow each other as one. */
  private joined(maps: readonly YamlNode[]): YamlMapping | undefined {
    const [first, last] = [maps[0], maps.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const entries = new Map(maps.flatMap((map) => (map.kind === 'map' ? [...map.entries] : [])));
    const size = maps.reduce((sum, map) => sum + map.size - 1, 1);
    return { kind: 'map', entries, range: { start: first.range.start, end: last.range.end }, size };
  }

  node(node: Node | null): YamlNode {
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (target !== undefined) return target;
      this.problem(`No &${node.source} is complete before this alias. Define it above.`, this.range(node));
      return this.scalar(null, '', false, this.range(node));
    }
    const result = this.plainNode(node);
    if (node?.anchor !== undefined) this.anchors.set(node.anchor, result);
    return result;
  }

  private plainNode(node: Node | null): YamlNode {
    const range = this.range(node);
    if (isMap(node)) return this.mapping(node, range);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.node(item as Node | null));
      return { kind: 'list', items, range, size: items.reduce((sum, item) => sum + item.size, 1) };
    }
    if (!isScalar(node)) return this.scalar(null, '', true, range);
    const { value, source } = node;
    if (typeof value === 'string') return this.scalar(value, value, false, range);
    if (typeof value === 'number' || typeof value === 'boolean') {
      return this.scalar(value, source ?? String(value), false, range);
    }
    return this.scalar(null, source ?? '', source === undefined || source === '', range);
  }

  private mapping(map: YAMLMap, range: Range): YamlMapping {
    const own = new Map<string, YamlEntry>();
    const merged = new Map<string, YamlEntry>();
    let size = 1;
    for (const { key, value } of map.items as Pair<Node | null, Node | null>[]) {
      const keyRange = this.range(key);
      const name = keyText(key);
      // A key alone in braces has no node for its value.
      const end = { start: keyRange.end, end: keyRange.end };
      const child = value === null ? this.scalar(null, '', true, end) : this.node(value);
      size += child.size;
      if (name === undefined) this.problem('A key must be plain text. Write `name: value`.', keyRange);
      else if (name === '<<') this.merge(child, keyRange, merged);
      else if (name === '__proto__')
        this.problem('`__proto__` cannot be a name here. Choose another.', keyRange);
      else own.set(name, { keyRange, value: child });
    }
    // Own keys win over merged ones, and keep their order in the file.
    for (const [name, entry] of merged) if (!own.has(name)) own.set(name, entry);
    return { kind: 'map', entries: own, range, size };
  }

  /** The merge key of YAML 1.1: one mapping or a list of them, the earlier wins. */
  private merge(source: YamlNode, keyRange: Range, into: Map<string, YamlEntry>): void {
    const maps = source.kind === 'list' ? source.items : [source];
    for (const map of maps) {
      if (map.kind !== 'map') {
        this.problem('`<<` takes a mapping or a list of mappings, such as `<<: *defaults`.', keyRange);
      } else {
        for (const [name, entry] of map.entries) if (!into.has(name)) into.set(name, entry);
      }
    }
  }

  private scalar(value: YamlScalar['value'], text: string, missing: boolean, range: Range): YamlScalar {
    return { kind: 'scalar', value, text, missing, range, size: 1 };
  }

  private range(node: Node | null): Range {
    const [from, to] = node?.range ?? [0, 0];
    const start = this.base + from;
    let end = this.base + to;
    // Blocks end after their last line break; what is underlined ends with their last word.
    while (end > start && /\s/.test(this.text[end - 1] ?? '')) end--;
    return this.lines.range(start, end);
  }
}

/** A key as it is written; the parser gives the merge key as a symbol. */
function keyText(key: Node | null): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? undefined);
}
