import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isTooDeep } from '../config/yamlDepth';
import type { Path } from '../config/yamlPath';
import type { TextEdit } from './types';

export type Mapping = YAMLMap<Scalar, Node | null>;
export type Sequence = YAMLSeq<Node | null>;
export type KeyValue = Pair<Scalar, Node | null>;

/** A pair of a mapping, and the mappings that lead to it. */
export interface Place {
  map: Mapping;
  pair: KeyValue;
}

/** A YAML text with the places of its tokens: what is written, not what it means. */
export class YamlSource {
  readonly newline: string;

  private constructor(
    readonly text: string,
    readonly root: Mapping,
  ) {
    this.newline = /\r\n|\n/.exec(text)?.[0] ?? '\n';
  }

  /** Undefined where the text does not parse, is nested too deeply, or is no mapping. */
  static read(text: string): YamlSource | undefined {
    if (isTooDeep(text)) return undefined;
    const document = parseDocument(text, {
      schema: 'core',
      merge: true,
      prettyErrors: false,
      keepSourceTokens: true,
    });
    if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
    return new YamlSource(text, document.contents as unknown as Mapping);
  }

  /**
   * The pairs on the way to a path, as far as they are written there; `rest` is what is not. Undefined where an alias or
   * something that is no mapping stands in the way.
   */
  find(path: Path): { places: Place[]; rest: string[] } | undefined {
    const places: Place[] = [];
    let node: Node | null = this.root;
    for (const [index, step] of path.entries()) {
      if (node !== null && !isOwnMap(node) && !isMissing(node)) return undefined;
      const map: Mapping | undefined = isOwnMap(node) ? node : undefined;
      const pair: KeyValue | undefined = map?.items.find(
        ({ key }) => isScalar(key) && keyOf(key) === String(step),
      );
      if (map === undefined || pair === undefined) return { places, rest: path.slice(index).map(String) };
      places.push({ map, pair });
      node = pair.value;
    }
    return { places, rest: [] };
  }

  /** Offset of the character after a pair's colon; undefined where it has none (`{ a }`, `? a`). */
  afterColon(pair: KeyValue): number | undefined {
    if (pair.srcToken?.start.some(({ type }) => type === 'explicit-key-ind') === true) return undefined;
    const colon = pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
    return colon === undefined ? undefined : colon.offset + 1;
  }

  /** Where the last word of a pair ends. */
  endOfPair(pair: KeyValue): number {
    return Math.max(
      this.afterColon(pair) ?? pair.key.range?.[1] ?? 0,
      pair.value === null || isMissing(pair.value) ? 0 : this.endOf(pair.value),
    );
  }

  /** Where the last word of a value ends, without comments and line breaks behind it. */
  endOf(node: Node): number {
    const end = node.range?.[1] ?? 0;
    if (isMap(node) && node.flow !== true) {
      const last = node.items.at(-1);
      return last === undefined ? end : this.endOfPair(last as KeyValue);
    }
    if (isSeq(node) && node.flow !== true) {
      const dash = this.dash(node as Sequence, node.items.length - 1) ?? 0;
      const last = node.items.at(-1) as Node | null | undefined;
      return Math.max(
        dash + 1,
        last === null || last === undefined || isMissing(last) ? 0 : this.endOf(last),
      );
    }
    // The line breaks that end a block of text are part of it only where it keeps them.
    if (isScalar(node) && /^[|>][0-9]?\+/.test(this.text.slice(node.range?.[0] ?? 0))) return end;
    return this.text.slice(0, end).trimEnd().length;
  }

  /** Offset of the dash of an item of a block. */
  dash(sequence: Sequence, index: number): number | undefined {
    const token = sequence.srcToken;
    if (token?.type !== 'block-seq') return undefined;
    return token.items[index]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
  }

  lineStart(offset: number): number {
    return Math.max(this.text.lastIndexOf('\n', offset - 1) + 1, this.text.startsWith('\uFEFF') ? 1 : 0);
  }

  /** The end of the line, in front of its line break. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    if (end === -1) return this.text.length;
    return end > offset && this.text[end - 1] === '\r' ? end - 1 : end;
  }

  /** Columns from the start of its line. */
  column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** True where only blanks stand before it on its line. */
  beginsLine(offset: number): boolean {
    return this.text.slice(this.lineStart(offset), offset).trim() === '';
  }

  /** Whether a comment may stand between two values: it ends with its line. */
  mayHaveComment(start: number, end: number): boolean {
    const between = this.text.slice(start, end);
    return between.includes('#') && between.includes('\n');
  }

  /** Columns by which the file indents. */
  get step(): number {
    for (const { value } of this.root.items) {
      const first = isOwnMap(value) && value.flow !== true ? value.items[0]?.key.range?.[0] : undefined;
      if (first !== undefined) return Math.max(1, this.column(first));
    }
    return 2;
  }

  /** Whole lines from one offset to another, with their line breaks. */
  lines(from: number, to: number): TextEdit {
    const start = this.lineStart(from);
    const end = this.text.indexOf('\n', to);
    if (end !== -1) return { start, end: end + 1, text: '' };
    // The last line goes with the line break before it.
    return { start: this.text.slice(0, start).replace(/\r?\n$/, '').length, end: this.text.length, text: '' };
  }
}

/** A key as it is written in the file; the parser gives the merge key as a symbol. */
export function keyOf(key: Scalar): string | undefined {
  return typeof key.value === 'string' ? key.value : key.source;
}

/** `key:` with nothing behind it. */
export function isMissing(node: Node | null | undefined): boolean {
  return isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1] && !isNamed(node);
}

function isOwnMap(node: Node | null): node is Node & Mapping {
  return isMap(node) && node.tag === undefined;
}

/** Has an anchor or a tag, or is an alias: not a plain value that a form may replace. */
export function isNamed(node: Node): boolean {
  if (isAlias(node)) return true;
  return (isScalar(node) || isCollection(node)) && (node.anchor !== undefined || node.tag !== undefined);
}
