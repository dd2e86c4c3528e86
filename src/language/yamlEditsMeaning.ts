import type { Path } from '../config/yamlPath';
import { parseYaml, type YamlNode } from '../config/yamlTree';

/** How a value is to be read: `text` always as text, `literal` as it is written, `value` as a number or truth value where it is one. */
export type Reading = 'text' | 'literal' | 'value';

/** What a field of a form stands for in the file. */
export type EditValue =
  | { kind: 'scalar'; text: string; reading: Reading }
  | { kind: 'list'; items: readonly string[]; reading: Reading }
  | { kind: 'map'; entries: readonly (readonly [string, string])[]; reading: Reading };

/** Whether a text after an edit means what it meant before, but for the value at a path, which is now `value`. */
export function meansEdit(before: string, after: string, path: Path, value: EditValue | undefined): boolean {
  const [old, made] = [parseYaml(before), parseYaml(after)];
  if (made.problems.length > 0 || made.root === undefined || old.root === undefined) return false;
  const target = at(made.root, path);
  const right = value === undefined ? target === undefined : target !== undefined && isValue(target, value);
  return right && meaning(made.root, path) === meaning(old.root, path);
}

/** The node at a path; undefined where the file has none. */
export function at(root: YamlNode, path: Path): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.value;
    else if (node?.kind === 'list') node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** Whether a scalar has this text, read in this way. */
export function isScalarValue(node: YamlNode, text: string, reading: Reading): boolean {
  if (node.kind !== 'scalar' || node.value === null || node.text !== text) return false;
  return reading !== 'text' || typeof node.value === 'string';
}

function isValue(node: YamlNode, value: EditValue): boolean {
  const { reading } = value;
  switch (value.kind) {
    case 'scalar':
      return isScalarValue(node, value.text, reading);
    case 'list': {
      const { items } = value;
      if (node.kind !== 'list' || node.items.length !== items.length) return false;
      return node.items.every((item, index) => isScalarValue(item, items[index] ?? '', reading));
    }
    case 'map': {
      if (node.kind !== 'map' || node.entries.size !== value.entries.length) return false;
      return value.entries.every(([name, text]) => {
        const entry = node.entries.get(name);
        return entry !== undefined && isScalarValue(entry.value, text, reading);
      });
    }
  }
}

/**
 * A tree as text to compare: equal where two trees mean the same.
 * @param without leaves out the value at this path; what is empty without it counts as absent
 */
export function meaning(root: YamlNode, without?: Path): string {
  return JSON.stringify([rest(root, without)]);
}

function rest(node: YamlNode, without: Path | undefined): unknown {
  if (without?.length === 0) return undefined;
  switch (node.kind) {
    case 'scalar':
      return without !== undefined && node.missing ? undefined : [typeof node.value, node.text];
    case 'list':
      return { list: node.items.map((item) => rest(item, undefined)) };
    case 'map': {
      const entries = [...node.entries].flatMap(([key, { value }]) => {
        const left = rest(value, without?.[0] === key ? without.slice(1) : undefined);
        return left === undefined ? [] : [[key, left] as const];
      });
      if (without !== undefined && entries.length === 0) return undefined;
      return entries.sort(([a], [b]) => (a < b ? -1 : 1));
    }
  }
}
