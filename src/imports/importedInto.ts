import { posix } from 'node:path';
import { isScalar, parseDocument } from 'yaml';
import { locate, toPlain, type Path } from '../config/yamlPath';
import { parseYaml } from '../config/yamlTree';
import { applyEdits } from '../language/applyEdits';
import type { TextEdit } from '../language/types';
import { insertEntry } from '../language/yamlInsert';
import type { ImportedEntry, ImportedFile, ImportedLaunch } from './renderLaunch';

/** An import in a `rankwise.yaml`. */
export interface Inserted {
  /** One edit; comments and order stay as they are. */
  edits: TextEdit[];
  /** The name that the launch has there. */
  launch: string;
  /** The file that is to be written beside it, by a name that no other file has. */
  file?: ImportedFile;
}

/**
 * Puts an imported launch, with the cluster it brings, into a `rankwise.yaml`. Where a name is taken, the launch gets a
 * number, and so does the script it brings; a cluster that is there already in the same words is used.
 * @param text the file; undefined: there is none yet
 * @param taken names in the folder of the file; on some file systems `A` and `a` are one name, so that here they always are
 * @returns undefined where the file does not parse, so that nothing may be touched
 */
export function importedInto(
  text: string | undefined,
  imported: ImportedLaunch,
  taken: readonly string[] = [],
): Inserted | undefined {
  const old = text ?? '';
  let result = old;
  const put = (section: 'clusters' | 'launches', { name, yaml }: ImportedEntry): boolean => {
    const edits = insertEntry(result, section, name, yaml);
    if (edits !== undefined) result = applyEdits(result, edits);
    return edits !== undefined;
  };
  const { cluster } = imported;
  let launch = imported.launch;
  if (cluster !== undefined) {
    const known = sameCluster(old, cluster);
    const name = known ?? freeName(old, 'clusters', cluster.name);
    if (name !== cluster.name) launch = { ...launch, yaml: withValue(launch.yaml, ['cluster'], name) };
    if (known === undefined && !put('clusters', { ...cluster, name })) return undefined;
  }
  const file = imported.file && withFreePath(imported.file, taken);
  if (file !== undefined && file.path !== imported.file?.path) {
    launch = { ...launch, yaml: withValue(launch.yaml, ['slurm', 'script'], file.path) };
  }
  const name = freeName(old, 'launches', launch.name);
  if (!put('launches', { ...launch, name })) return undefined;
  return { edits: [difference(old, result)], launch: name, ...(file === undefined ? {} : { file }) };
}

function withFreePath({ path, text }: ImportedFile, taken: readonly string[]): ImportedFile {
  const names = new Set(taken.map((name) => name.toLowerCase()));
  const { name, ext } = posix.parse(path);
  let free = path;
  for (let number = 2; names.has(free.toLowerCase()); number++) free = `${name}-${number}${ext}`;
  return { path: free, text };
}

/** The name of a cluster that says all that this one says: its hosts are reached as the file has them. */
function sameCluster(text: string, { yaml }: ImportedEntry): string | undefined {
  const clusters = plainAt(text, ['clusters']);
  const wanted = Object.entries(plainAt(yaml, []));
  return Object.entries(clusters).find(
    ([, value]) =>
      isRecord(value) &&
      wanted.length > 0 &&
      wanted.every(
        ([key, part]) => Object.hasOwn(value, key) && JSON.stringify(value[key]) === JSON.stringify(part),
      ),
  )?.[0];
}

function plainAt(text: string, path: Path): Record<string, unknown> {
  const { root } = parseYaml(text);
  const place = root && locate(root, path);
  const plain = place?.complete === true ? toPlain(place.node) : undefined;
  return isRecord(plain) ? plain : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name, with a number where another entry has it. */
function freeName(text: string, section: string, wanted: string): string {
  const { root } = parseYaml(text);
  let name = wanted;
  for (let number = 2; root !== undefined && locate(root, [section, name]).complete; number++)
    name = `${wanted}-${number}`;
  return name;
}

/** The same YAML with another text at a place that has one. */
function withValue(yaml: string, path: Path, text: string): string {
  const value = parseDocument(yaml).getIn(path, true);
  const [start, end] = (isScalar(value) ? value.range : undefined) ?? [0, 0];
  return yaml.slice(0, start) + JSON.stringify(text) + yaml.slice(end);
}

/** The one edit that makes a text of another. */
function difference(before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = before.length;
  let back = after.length;
  while (end > start && back > start && before[end - 1] === after[back - 1]) {
    end--;
    back--;
  }
  return { start, end, text: after.slice(start, back) };
}
