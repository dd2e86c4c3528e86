import { practiceCluster } from '../config/checks/clusterChecks';
import { locate, textEntries, textItems, type Path } from '../config/yamlPath';
import type { YamlNode } from '../config/yamlTree';

/** Names of the clusters of a file, and the built-in one. */
export function clusterNames(root: YamlNode): string[] {
  return [...new Set([...keysAt(root, ['clusters']), practiceCluster])];
}

/** Keys of a mapping; none where the path leads elsewhere. */
export function keysAt(root: YamlNode, path: Path): string[] {
  const { node, complete } = locate(root, path);
  return complete && node.kind === 'map' ? [...node.entries.keys()] : [];
}

/** The text of a scalar; undefined where there is none. */
export function textAt(root: YamlNode, path: Path): string | undefined {
  const { node, complete } = locate(root, path);
  return complete && node.kind === 'scalar' && node.value !== null ? node.text : undefined;
}

/** Parameters of a launch with their defaults, as they are written. */
export function parametersOf(root: YamlNode, launch: string): Record<string, string> {
  return textEntries(root, ['launches', launch, 'params']);
}

/** Axes of the matrix of a launch with their values, also those that only an inclusion names. */
export function axesOf(root: YamlNode, launch: string): Map<string, string[]> {
  const path = ['launches', launch, 'matrix'];
  const axes = new Map<string, string[]>();
  for (const name of keysAt(root, path)) {
    if (name !== 'include' && name !== 'exclude') axes.set(name, textItems(root, [...path, name]));
  }
  const { node, complete } = locate(root, [...path, 'include']);
  const included = complete && node.kind === 'list' ? node.items.length : 0;
  for (let index = 0; index < included; index++) {
    for (const [name, value] of Object.entries(textEntries(root, [...path, 'include', index]))) {
      axes.set(name, [...(axes.get(name) ?? []), value]);
    }
  }
  return axes;
}
