import { practiceCluster } from '../config/checks/clusterChecks';
import { nameProblem } from '../config/checks/parameterChecks';
import { entryNamePattern, environmentNamePattern, parameterNamePattern } from '../config/names';
import type { Path } from '../config/yamlPath';
import { placeAt, rankwiseFile } from './rankwiseFile';
import { namedThingAt, type NamedThing } from './rankwiseOccurrences';
import { likeWritten } from './rankwiseScalar';
import { keysAt, parametersOf } from './rankwiseTree';
import type { TextEdit } from './types';

/** Where a name stands. Quotes belong to it. */
export interface NamePlace {
  start: number;
  end: number;
}

/** Where a name is declared in this file, or the file that a value names. */
export type RankwiseDefinition =
  | NamePlace
  /** Relative to the folder of this file, or beginning with `~/` or `/`. `start`–`end` is the value that names it. */
  | { file: string; start: number; end: number };

/** Values that name a file of the workspace. */
const filePlaces = [
  'hosts',
  'identityFile',
  'config',
  'setupScript',
  'slurm.script',
  'files.*',
  'hosts.*.identityFile',
];

/** Where what stands at an offset is declared. */
export function rankwiseDefinitions(text: string, offset: number): RankwiseDefinition[] {
  const file = rankwiseFile(text);
  const thing = namedThingAt(file, offset);
  if (thing !== undefined) {
    return thing.occurrences
      .filter(({ isDeclaration }) => isDeclaration)
      .map(({ start, end }) => ({ start, end }));
  }
  const place = placeAt(file, offset);
  if (place?.part !== 'value' || place.node.kind !== 'scalar' || typeof place.node.value !== 'string')
    return [];
  const { start, end } = place;
  return isFilePlace(place.path) ? [{ file: place.node.value, start, end }] : [];
}

function isFilePlace([, , ...below]: Path): boolean {
  return filePlaces.includes(below.map((step) => (typeof step === 'number' ? '*' : step)).join('.'));
}

/** All places of the name at an offset, its declaration among them; none where there is no name. */
export function rankwiseReferences(text: string, offset: number): NamePlace[] {
  const thing = namedThingAt(rankwiseFile(text), offset);
  return (thing?.occurrences ?? []).map(({ start, end }) => ({ start, end }));
}

/** The name at an offset that can be renamed, and where it stands there; undefined where there is none. */
export function rankwiseRenameable(text: string, offset: number): (NamePlace & { name: string }) | undefined {
  const thing = namedThingAt(rankwiseFile(text), offset);
  if (thing === undefined || !thing.occurrences.some(({ isDeclaration }) => isDeclaration)) return undefined;
  const here = thing.occurrences.find(({ start, end }) => start <= offset && offset <= end);
  return here && { start: here.start, end: here.end, name: thing.name };
}

/** The edits that rename what stands at an offset everywhere, or why it cannot be renamed. Quotes stay as they are. */
export function rankwiseRename(
  text: string,
  offset: number,
  newName: string,
): { edits: TextEdit[] } | { refused: string } {
  const file = rankwiseFile(text);
  const { root } = file;
  const thing = namedThingAt(file, offset);
  if (thing === undefined || root === undefined || rankwiseRenameable(text, offset) === undefined) {
    return { refused: 'Only names of clusters, launches and parameters of this file can be renamed.' };
  }
  if (newName === thing.name) return { edits: [] };
  const taken =
    thing.kind === 'parameter'
      ? thing.launches.flatMap((launch) => Object.keys(parametersOf(root, launch)))
      : keysAt(root, [thing.kind === 'cluster' ? 'clusters' : 'launches']);
  const refused = refusal(thing, newName, taken);
  if (refused !== undefined) return { refused };
  const edits = thing.occurrences.map(({ start, end, form }) => ({
    start,
    end,
    text: form === 'scalar' ? likeWritten(text.slice(start, end), newName) : newName,
  }));
  return { edits };
}

function refusal(
  { kind, occurrences }: NamedThing,
  newName: string,
  taken: readonly string[],
): string | undefined {
  if (taken.includes(newName)) return `There is a ${kind} \`${newName}\` already. Choose another name.`;
  if (kind !== 'parameter') {
    if (!entryNamePattern.test(newName)) return 'A name is up to 100 characters on one line.';
    return kind === 'cluster' && newName === practiceCluster
      ? `\`${practiceCluster}\` is the built-in practice cluster. Choose another name.`
      : undefined;
  }
  if (!parameterNamePattern.test(newName)) {
    return 'A parameter’s name has letters, digits, `_` and `-`, and does not begin with a digit or with RANKWISE_.';
  }
  if (occurrences.some(({ form }) => form === 'shell') && !environmentNamePattern.test(newName)) {
    return 'The command is text for a shell, where this name cannot be a variable. Use `_` in place of `-`.';
  }
  return nameProblem(newName);
}
