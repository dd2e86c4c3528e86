import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { RankwiseError } from './errors';

/**
 * Refuses a path below a folder whose links lead out of it: whoever writes a folder that others clone would choose which of
 * their files are read and sent. A path that does not exist is for its reader to tell of.
 * @param folder absolute
 * @throws RankwiseError `config.leadsOut` naming the path and where it leads.
 */
export function refuseLinkOut(folder: string, path: string): void {
  const target = realPath(resolve(folder, path));
  if (target === undefined || isInside(realPath(folder) ?? folder, target)) return;
  throw new RankwiseError('config.leadsOut', `${path} leads to ${target}, outside of ${folder}`, {
    nextStep: 'Put the file itself into that folder instead of a link to it.',
  });
}

/** Whether an absolute path lies outside of a folder, all links followed; of a path that does not exist the words count. */
export function leadsOutside(folder: string, path: string): boolean {
  return !isInside(realPath(folder) ?? folder, realPath(path) ?? path);
}

/** Whether an absolute path is a folder or below it, going by the words alone. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  // On another drive of Windows there is no way but the whole path.
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
