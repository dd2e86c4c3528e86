import { readLines } from './sbatch/sbatchLines';
import { claimingKeys, keysOf, trainingShapes } from './training/trainingKeys';
import { topKeys } from './training/topKeys';

/** The files that Rankwise checks. */
export const fileKinds = ['hostfile', 'sbatch', 'rankwise', 'training'] as const;
export type FileKind = (typeof fileKinds)[number];

/** Configurations are small; a larger JSON file is data, and is not looked into. */
const largestJson = 1 << 18;

/**
 * What kind of file this is, by its name, else by its content; undefined where neither says it for certain. What a
 * `rankwise.yaml` names is of the kind it is named as, whatever it is called: see `usesOf`.
 */
export function kindOf(path: string, text: string): FileKind | undefined {
  const slashed = path.replaceAll('\\', '/');
  const name = slashed.slice(slashed.lastIndexOf('/') + 1).toLowerCase();
  if (/\/etc\/hosts$/i.test(slashed)) return undefined;
  if (name === 'rankwise.yaml' || name === 'rankwise.yml') return 'rankwise';
  if (name === 'hostfile' || name === 'machinefile' || name.endsWith('.hostfile')) return 'hostfile';
  if (name.endsWith('.sbatch') || name.endsWith('.slurm')) return 'sbatch';
  if (/\.jsonc?$/.test(name)) return isTraining(text) ? 'training' : undefined;
  if (isScript(name, text) && /^#SBATCH/m.test(text) && hasDirectives(text)) return 'sbatch';
  return isHostfile(text) ? 'hostfile' : undefined;
}

/** Whether the first line that is no comment is a host with its slots. */
function isHostfile(text: string): boolean {
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const entry = line.trimStart();
    if (entry !== '' && !entry.startsWith('#')) return /^\S+[ \t]+slots=/.test(entry);
  }
  return false;
}

function isScript(name: string, text: string): boolean {
  return text.startsWith('#!') || /\.(?:sh|bash|zsh|ksh|csh|tcsh|job)$/.test(name);
}

/** Directives of its own, not only those of a script that it writes. Only a shell script can have them too late. */
function hasDirectives(text: string): boolean {
  const { directives, lookAlikes } = readLines(text);
  const isShell = !text.startsWith('#!') || /^#!.*sh\b/.test(text);
  return directives.length > 0 || (isShell && lookAlikes.some(({ kind }) => kind === 'late'));
}

function isTraining(text: string): boolean {
  if (text.length > largestJson) return false;
  const keys = topKeys(text);
  return trainingShapes.some((shape) => keysOf(shape, keys) >= claimingKeys) && !isOfOtherProgram(text);
}

/** Whether values of a JSON file say that another program reads it. A launch that names it is believed all the same. */
export function isOfOtherProgram(json: string): boolean {
  return otherMeaning.test(json);
}

/**
 * Values that say that another program reads the file: lists, names or `-1` of GPUs (Lightning, `CUDA_VISIBLE_DEVICES`), 0
 * workers (of a data loader), a schedule in place of a rate.
 */
const otherMeaning =
  /"gpus"[ \t]*:[ \t]*(?:\[|-1\b|"[^"\n]{0,40},)|"num_workers"[ \t]*:[ \t]*0\b|"lr"[ \t]*:[ \t]*[[{]/;
