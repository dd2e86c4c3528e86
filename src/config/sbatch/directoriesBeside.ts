import { dirname, isAbsolute } from 'node:path';
import { outputDirectories } from './outputDirectories';
import type { KnownDirectories } from './sbatchUse';

/**
 * The directories of a script's output as they are beside it on this machine, which need not be where it is submitted.
 * What an absolute path means only a host of the cluster knows: those count as there.
 * @param path of the script, absolute
 * @param existing which of these relative paths are directories below a folder
 */
export async function directoriesBeside(
  path: string,
  text: string,
  existing: (folder: string, paths: readonly string[]) => Promise<string[]>,
): Promise<KnownDirectories> {
  const wanted = outputDirectories(text);
  const relative = wanted.filter((directory) => !isAbsolute(directory));
  const found = relative.length === 0 ? [] : await existing(dirname(path), relative);
  const known = new Set([...found, ...wanted.filter((directory) => isAbsolute(directory))]);
  return { known, where: 'beside this script', certain: false };
}
