import type { LineIndex } from '../config/lineIndex';
import type { Position, Range } from '../config/problem';
import type { Path } from '../config/yamlPath';
import { parseYaml, type YamlNode } from '../config/yamlTree';
import { readOnce } from './readOnce';

/** A `rankwise.yaml` as the services read it: also while it is half written. */
export interface RankwiseFile {
  text: string;
  /** Undefined for an empty file. */
  root: YamlNode | undefined;
  lines: LineIndex;
}

/** One thing of a file, and where it stands. Offsets are UTF-16 units. */
export interface PlaceInFile {
  /** For a key: the path of its value. */
  path: Path;
  part: 'key' | 'value';
  /** The value. */
  node: YamlNode;
  start: number;
  end: number;
}

/** Reads a file; a text once. */
export const rankwiseFile = readOnce((text): RankwiseFile => {
  const { root, lines } = parseYaml(text);
  return { text, root, lines };
});

/** The key or scalar at an offset; of a mapping or list, the innermost one around it. */
export function placeAt({ root, lines }: RankwiseFile, offset: number): PlaceInFile | undefined {
  const at = lines.position(offset);
  const find = (node: YamlNode, path: Path): PlaceInFile | undefined => {
    if (!contains(node.range, at)) return undefined;
    if (node.kind === 'map') {
      for (const [key, { keyRange, value }] of node.entries) {
        const below = [...path, key];
        if (contains(keyRange, at)) return place(below, 'key', value, keyRange);
        const found = find(value, below);
        if (found !== undefined) return found;
      }
    } else if (node.kind === 'list') {
      for (const [index, item] of node.items.entries()) {
        const found = find(item, [...path, index]);
        if (found !== undefined) return found;
      }
    }
    return place(path, 'value', node, node.range);
  };
  const place = (path: Path, part: 'key' | 'value', node: YamlNode, range: Range): PlaceInFile => ({
    path,
    part,
    node,
    start: lines.offset(range.start),
    end: lines.offset(range.end),
  });
  return root && find(root, []);
}

export function contains({ start, end }: Range, at: Position): boolean {
  return !isBefore(at, start) && !isBefore(end, at);
}

export function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

export function sameRange(a: Range, b: Range): boolean {
  return (
    !isBefore(a.start, b.start) &&
    !isBefore(b.start, a.start) &&
    !isBefore(a.end, b.end) &&
    !isBefore(b.end, a.end)
  );
}

/** Every key and scalar of a file, once: what aliases lead to stands where it is written. */
export function* placesOf({ root, lines }: RankwiseFile): Generator<PlaceInFile> {
  const seen = new Set<YamlNode>();
  function* walk(node: YamlNode, path: Path): Generator<PlaceInFile> {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'scalar') {
      const { start, end } = node.range;
      yield { path, part: 'value', node, start: lines.offset(start), end: lines.offset(end) };
    } else if (node.kind === 'list') {
      for (const [index, item] of node.items.entries()) yield* walk(item, [...path, index]);
    } else {
      for (const [key, { keyRange, value }] of node.entries) {
        const below = [...path, key];
        const [start, end] = [lines.offset(keyRange.start), lines.offset(keyRange.end)];
        yield { path: below, part: 'key', node: value, start, end };
        yield* walk(value, below);
      }
    }
  }
  if (root !== undefined) yield* walk(root, []);
}
