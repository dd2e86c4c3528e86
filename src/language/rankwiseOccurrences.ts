import { referencePlace } from '../config/referencePlace';
import { referencesIn } from '../config/references';
import { locate, scalars, type Path } from '../config/yamlPath';
import type { YamlNode } from '../config/yamlTree';
import type { RankwiseFile } from './rankwiseFile';
import { keysAt, parametersOf } from './rankwiseTree';
import type { Range } from '../config/problem';

/** Where a name of the file stands. Offsets without quotes are not promised: a whole scalar has its quotes. */
export interface Occurrence {
  start: number;
  end: number;
  /** `scalar`: a key or value by itself. `part`: between other characters, such as in `${name}`; `shell`: behind `$`. */
  form: 'scalar' | 'part' | 'shell';
  isDeclaration: boolean;
}

/** A cluster, launch or parameter with all its places. */
export interface NamedThing {
  kind: 'cluster' | 'launch' | 'parameter';
  name: string;
  /** Launches that have the parameter. */
  launches: string[];
  occurrences: Occurrence[];
}

/**
 * What stands at an offset, with all its places; undefined where there is no name. A parameter that several launches
 * share by an anchor or a merge key is one thing.
 */
export function namedThingAt(file: RankwiseFile, offset: number): NamedThing | undefined {
  const { root } = file;
  if (root?.kind !== 'map') return undefined;
  const isHere = ({ occurrences }: NamedThing): boolean =>
    occurrences.some(({ start, end }) => start <= offset && offset <= end);
  return [...clusters(file, root), ...launches(file, root)].find(isHere) ?? parameterAt(file, root, isHere);
}

function clusters(file: RankwiseFile, root: YamlNode): NamedThing[] {
  const uses = keysAt(root, ['launches']).map((launch) => ['launches', launch, 'cluster']);
  return entries(file, root, 'clusters', 'cluster', uses);
}

function launches(file: RankwiseFile, root: YamlNode): NamedThing[] {
  const uses = keysAt(root, ['launches']).flatMap((launch) => {
    const after = ['launches', launch, 'slurm', 'after'];
    const { node, complete } = locate(root, after);
    return complete && node.kind === 'list' ? node.items.map((_, index) => [...after, index]) : [];
  });
  return entries(file, root, 'launches', 'launch', uses);
}

/** Things declared as keys of a section and used as values elsewhere. Names that are only used are things as well. */
function entries(
  { lines }: RankwiseFile,
  root: YamlNode,
  section: string,
  kind: NamedThing['kind'],
  uses: readonly Path[],
): NamedThing[] {
  const things = new Map<string, NamedThing>();
  const add = (name: string, range: Range, isDeclaration: boolean): void => {
    const thing = things.get(name) ?? { kind, name, launches: [], occurrences: [] };
    things.set(name, thing);
    const [start, end] = [lines.offset(range.start), lines.offset(range.end)];
    if (thing.occurrences.some((other) => other.start === start)) return;
    thing.occurrences.push({ start, end, form: 'scalar', isDeclaration });
  };
  for (const name of keysAt(root, [section])) {
    const { keyRange } = locate(root, [section, name]);
    if (keyRange !== undefined) add(name, keyRange, true);
  }
  for (const path of uses) {
    const { node, complete } = locate(root, path);
    if (complete && node.kind === 'scalar' && typeof node.value === 'string')
      add(node.value, node.range, false);
  }
  return [...things.values()];
}

function parameterAt(
  file: RankwiseFile,
  root: YamlNode,
  isHere: (thing: NamedThing) => boolean,
): NamedThing | undefined {
  const all = keysAt(root, ['launches']).flatMap((launch) =>
    Object.keys(parametersOf(root, launch)).map((name) => parameter(file, root, launch, name)),
  );
  const first = all.find(isHere);
  if (first === undefined) return undefined;
  // What shares a place with it is the same parameter, and so on.
  const same = all.filter(({ name }) => name === first.name);
  const joined = [first];
  const starts = new Set(first.occurrences.map(({ start }) => start));
  for (let before = 0; before < joined.length;) {
    before = joined.length;
    for (const thing of same) {
      if (joined.includes(thing) || !thing.occurrences.some(({ start }) => starts.has(start))) continue;
      joined.push(thing);
      for (const { start } of thing.occurrences) starts.add(start);
    }
  }
  const occurrences = new Map(joined.flatMap((thing) => thing.occurrences).map((one) => [one.start, one]));
  return {
    ...first,
    launches: joined.flatMap((thing) => thing.launches),
    occurrences: [...occurrences.values()].sort((a, b) => a.start - b.start),
  };
}

/** A parameter of one launch: its default, presets, matrix and `${…}`. */
function parameter({ text, lines }: RankwiseFile, root: YamlNode, launch: string, name: string): NamedThing {
  const path = ['launches', launch];
  const occurrences: Occurrence[] = [];
  const add = (start: number, end: number, form: Occurrence['form'], isDeclaration = false): void => {
    occurrences.push({ start, end, form, isDeclaration });
  };
  const keys: Path[] = [
    [...path, 'params', name],
    [...path, 'matrix', name],
    ...keysAt(root, [...path, 'presets']).map((preset) => [...path, 'presets', preset, name]),
    ...['include', 'exclude'].flatMap((key) => {
      const { node, complete } = locate(root, [...path, 'matrix', key]);
      return complete && node.kind === 'list'
        ? node.items.map((_, index) => [...path, 'matrix', key, index, name])
        : [];
    }),
  ];
  for (const [index, key] of keys.entries()) {
    const { keyRange, complete } = locate(root, key);
    if (complete && keyRange !== undefined)
      add(lines.offset(keyRange.start), lines.offset(keyRange.end), 'scalar', index === 0);
  }
  for (const { path: below, node } of scalars(locate(root, path).node)) {
    if (!node.text.includes('$')) continue;
    const place = referencePlace([...path, ...below]);
    const start = lines.offset(node.range.start);
    const written = text.slice(start, lines.offset(node.range.end));
    if (place === 'list' || place === 'env') {
      for (const reference of referencesIn(written)) {
        if (reference.name !== name || !['params', 'matrix', 'short'].includes(reference.kind)) continue;
        const at = start + reference.start + reference.text.lastIndexOf(name);
        add(at, at + name.length, 'part');
      }
    } else if (place === 'text') {
      for (const match of written.matchAll(/\$(\{?)([A-Za-z_]\w*)/g)) {
        const [, brace = '', used] = match;
        if (used !== name) continue;
        const at = start + match.index + 1 + brace.length;
        add(at, at + name.length, 'shell');
      }
    }
  }
  return { kind: 'parameter', name, launches: [launch], occurrences };
}
