import type { Problem } from '../config/problem';
import type { YamlMapping, YamlNode } from '../config/yamlTree';
import { isBefore, placesOf, sameRange, type RankwiseFile } from './rankwiseFile';
import { scalarText } from './rankwiseScalar';
import { clusterNames } from './rankwiseTree';
import type { Fix } from './types';

/** Puts a key in that has to be there, above the others of its mapping. */
export function missingKeyFixes(file: RankwiseFile, { code, message, range }: Problem): Fix[] {
  const { root, lines, text } = file;
  if (code !== 'rankwise.missingKey') return [];
  const fix = (key: string, value: string, start: number, insert: string): Fix => ({
    title: `Add \`${key}: ${value}\``,
    code,
    edits: [{ start, end: start, text: insert }],
    // Any other value is a guess, which nobody wants written by a save.
    ...(key === 'version' && { preferred: true }),
  });
  if (root === undefined || root.kind === 'scalar') {
    const start = text.startsWith('\uFEFF') ? 1 : 0;
    return text.trim() === '' ? [fix('version', '1', start, 'version: 1\nclusters:\nlaunches:\n')] : [];
  }
  const key = /has no `([A-Za-z]+)`/.exec(message)?.[1];
  const map = key === 'version' && root.kind === 'map' ? root : mapAt(file, range);
  const first = map && firstKey(map);
  if (key === undefined || map === undefined || first === undefined) return [];
  const value = key === 'cluster' ? scalarText(clusterNames(root)[0] ?? '') : (usual[key] ?? '');
  const start = lines.offset(first.start);
  const isFlow = text[lines.offset(map.range.start)] === '{';
  const lineStart = lines.offset({ line: first.start.line, character: 0 });
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = isFlow ? ', ' : lineBreak + ' '.repeat(start - lineStart);
  return [fix(key, value, start, `${key}: ${value}${gap}`)];
}

/** What a key is given until a person says otherwise. */
const usual: Readonly<Record<string, string>> = {
  version: '1',
  hosts: 'hosts',
  launcher: 'ssh',
  command: 'python train.py',
  host: 'node1',
  name: 'loss',
  pattern: "'loss is ([0-9.]+)'",
  newest: "'checkpoints/*.pt'",
  repository: 'https://github.com/me/train.git',
  ref: 'main',
};

/** Such a problem underlines the name of the mapping; the first key of one that has no name. */
function mapAt(file: RankwiseFile, range: Problem['range']): YamlMapping | undefined {
  const isHere = (other: Problem['range'] | undefined): boolean =>
    other !== undefined && sameRange(other, range);
  const maps = new Set<YamlMapping>(file.root?.kind === 'map' ? [file.root] : []);
  const collect = (node: YamlNode): void => {
    if (node.kind === 'list') node.items.forEach(collect);
    if (node.kind === 'map') maps.add(node);
  };
  for (const { part, node, start, end } of placesOf(file)) {
    if (part === 'key' && node.kind === 'map' && isHere(file.lines.range(start, end))) return node;
    if (part === 'key') collect(node);
  }
  return [...maps].find((map) => isHere(firstKey(map)));
}

function firstKey(map: YamlMapping): Problem['range'] | undefined {
  const [first] = map.entries.values();
  return first === undefined || isBefore(first.keyRange.start, map.range.start) ? undefined : first.keyRange;
}
