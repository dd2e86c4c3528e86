import { parseYaml, type YamlNode } from '../config/yamlTree';
import type { TextEdit } from './types';
import { setValue } from './yamlEdits';
import { at } from './yamlEditsMeaning';
import { isNamed, YamlSource } from './yamlEditsSource';
import { yamlKey } from './yamlEntryText';

/**
 * Gives a cluster or launch another name, with all that refers to it: `cluster:` of launches, `after:` of Slurm launches.
 * @returns undefined where that cannot be done: the text does not parse, there is no such entry, or the name is taken
 */
export function renameEntry(
  text: string,
  section: 'clusters' | 'launches',
  name: string,
  newName: string,
): TextEdit[] | undefined {
  const { root, problems } = parseYaml(text);
  const source = YamlSource.read(text);
  const key = source?.find([section, name])?.places[1]?.pair.key;
  if (root === undefined || problems.length > 0 || key?.range === undefined || key.range === null)
    return undefined;
  if (isNamed(key) || at(root, [section, newName]) !== undefined) return undefined;
  const [start, end] = key.range;
  const edits: TextEdit[] = [{ start, end, text: yamlKey(newName) }];
  for (const launch of keysOf(at(root, ['launches']))) {
    const more = referenceEdits(text, root, section, launch, name, newName);
    if (more === undefined) return undefined;
    edits.push(...more);
  }
  return edits;
}

function referenceEdits(
  text: string,
  root: YamlNode,
  section: string,
  launch: string,
  name: string,
  newName: string,
): TextEdit[] | undefined {
  if (section === 'clusters') {
    const path = ['launches', launch, 'cluster'];
    const cluster = at(root, path);
    if (cluster?.kind !== 'scalar' || cluster.value !== name) return [];
    return setValue(text, path, { kind: 'scalar', text: newName, reading: 'text' });
  }
  const path = ['launches', launch, 'slurm', 'after'];
  const after = at(root, path);
  const names =
    after?.kind === 'list' ? after.items.map((item) => (item.kind === 'scalar' ? item.text : '')) : [];
  if (!names.includes(name)) return [];
  const items = names.map((one) => (one === name ? newName : one));
  return setValue(text, path, { kind: 'list', items, reading: 'text' });
}

function keysOf(node: YamlNode | undefined): string[] {
  return node?.kind === 'map' ? [...node.entries.keys()] : [];
}
