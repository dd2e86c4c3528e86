import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { describeError } from '../base/errors';
import { isInside } from '../base/insideFolder';
import { launchModel } from './launchModel';
import type { ClusterModel, LaunchModel, NamedFile } from './model';
import type { RankwiseDocument } from './parseRankwise';

/** A file that was asked for, with its text or the reason why there is none. */
export type ReadFile = { path: string; text: string } | { path: string; text: undefined; reason: string };

/** Reads a file; what goes wrong is part of the answer. */
export async function readNamed(
  path: string,
  readText: (path: string) => Promise<string>,
): Promise<ReadFile> {
  try {
    return { path, text: await readText(path) };
  } catch (error) {
    return { path, text: undefined, reason: describeError(error).replace(/\.$/, '') };
  }
}

/** A path as a `rankwise.yaml` has it, absolute. */
export function namedPath(file: string, name: string): string {
  return name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(dirname(file), name);
}

/** A path as a message shows it: from the folder of the `rankwise.yaml` where it lies below. */
export function shownPath(file: string, path: string): string {
  const folder = dirname(file);
  return isInside(folder, path) ? relative(folder, path) : path;
}

/** The paths that a `rankwise.yaml` names, as it names them: hostfiles, training configurations, sbatch scripts. */
export function namesIn({ clusters, launches }: RankwiseDocument): Set<string> {
  return new Set([
    ...clusters.flatMap(({ spec }) => (typeof spec?.hosts === 'string' ? [spec.hosts] : [])),
    ...launches.flatMap(({ spec }) => [spec?.config ?? [], spec?.slurm.script ?? []].flat()),
  ]);
}

/**
 * The files that are named, each with the launches that use it.
 * @param files what was read, by the names in the document
 */
export function namedFiles(
  file: string,
  { clusters, launches }: RankwiseDocument,
  models: ReadonlyMap<string, ClusterModel>,
  files: ReadonlyMap<string, ReadFile>,
): NamedFile[] {
  const found = new Map<string, NamedFile>();
  const add = (kind: NamedFile['kind'], name: string): NamedFile => {
    const path = namedPath(file, name);
    const key = `${kind} ${path}`;
    const named = found.get(key) ?? { kind, path, text: files.get(name)?.text, uses: [] };
    found.set(key, named);
    return named;
  };
  const hostfileOf = new Map<string, NamedFile>();
  for (const { name, spec } of clusters)
    if (typeof spec?.hosts === 'string') hostfileOf.set(name, add('hostfile', spec.hosts));
  for (const entry of launches) {
    const { spec } = entry;
    if (spec === undefined) continue;
    const launch: LaunchModel = launchModel(file, { ...entry, spec });
    const use = { launch, cluster: models.get(launch.cluster) };
    hostfileOf.get(launch.cluster)?.uses.push(use);
    if (launch.config !== undefined) add('training', launch.config).uses.push(use);
    if (launch.slurm.script !== undefined) add('sbatch', launch.slurm.script).uses.push(use);
  }
  return [...found.values()];
}
