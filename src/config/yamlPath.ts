import type { Range } from './problem';
import type { YamlNode } from './yamlTree';

export type Path = readonly (string | number)[];

interface Place {
  node: YamlNode;
  /** Where the key stands, for a value of a mapping. */
  keyRange: Range | undefined;
  /** False when the path goes on below this place: the rest is not in the file. */
  complete: boolean;
}

/** The value at a path, or the deepest one on the way to it. */
export function locate(root: YamlNode, path: Path): Place {
  let place: Place = { node: root, keyRange: undefined, complete: true };
  for (const step of path) {
    const { node } = place;
    if (node.kind === 'map') {
      const entry = node.entries.get(String(step));
      if (entry === undefined) return { ...place, complete: false };
      place = { node: entry.value, keyRange: entry.keyRange, complete: true };
    } else {
      const item = node.kind === 'list' ? node.items[Number(step)] : undefined;
      if (item === undefined) return { ...place, complete: false };
      place = { node: item, keyRange: undefined, complete: true };
    }
  }
  return place;
}

/** What to underline for a finding about a value: the value, or the key where there is no value. */
export function valueRange(root: YamlNode, path: Path): Range {
  const { node, keyRange, complete } = locate(root, path);
  const hasValue = complete && !(node.kind === 'scalar' && node.missing);
  if (!hasValue && keyRange !== undefined) return keyRange;
  if (!complete && node.kind === 'map') return node.entries.values().next().value?.keyRange ?? node.range;
  return node.range;
}

/** What to underline for a finding about a key. */
export function keyRange(root: YamlNode, path: Path): Range {
  const place = locate(root, path);
  return place.keyRange ?? place.node.range;
}

/** A tree as plain values, for the schema. Mappings have no prototype. */
export function toPlain(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toPlain);
    case 'map': {
      const result = Object.create(null) as Record<string, unknown>;
      for (const [key, { value }] of node.entries) result[key] = toPlain(value);
      return result;
    }
  }
}

/** Entries of a mapping as they are written (`1.10` stays `1.10`); empty where the path leads nowhere. */
export function textEntries(root: YamlNode, path: Path): Record<string, string> {
  const { node, complete } = locate(root, path);
  // No name of a file's is found that the file does not have: `constructor`.
  const result = Object.create(null) as Record<string, string>;
  if (!complete || node.kind !== 'map') return result;
  for (const [key, { value }] of node.entries) if (value.kind === 'scalar') result[key] = value.text;
  return result;
}

/** Elements of a list as they are written; a single value is a list of one. Empty where the path leads nowhere. */
export function textItems(root: YamlNode, path: Path): string[] {
  const { node, complete } = locate(root, path);
  if (!complete) return [];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
}

/** Every scalar of a tree with its path. */
export function* scalars(
  node: YamlNode,
  path: Path = [],
): Generator<{ path: Path; node: YamlNode & { kind: 'scalar' } }> {
  if (node.kind === 'scalar') yield { path, node };
  else if (node.kind === 'list')
    for (const [index, item] of node.items.entries()) yield* scalars(item, [...path, index]);
  else for (const [key, { value }] of node.entries) yield* scalars(value, [...path, key]);
}
