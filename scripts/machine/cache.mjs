import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where large tools are kept between runs, outside the repository: `RANKWISE_CACHE_DIR` or `~/.cache/rankwise`. */
export function cacheDirectory() {
  const chosen = process.env['RANKWISE_CACHE_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rankwise');
}

/**
 * Makes a directory of the cache once: `make` fills a temporary directory, which is then renamed, so that a broken
 * installation is never taken for a whole one and two at once do not meet.
 * @param {string} name says what is inside and its version: another version is another directory
 * @param {(directory: string) => Promise<void>} make
 * @returns {Promise<string>} the finished directory
 */
export async function once(name, make) {
  const finished = join(cacheDirectory(), name);
  if (existsSync(finished)) return finished;
  const unfinished = `${finished}.${process.pid}.part`;
  await mkdir(unfinished, { recursive: true });
  try {
    await make(unfinished);
    await rename(unfinished, finished).catch((error) => {
      // Somebody else was faster: theirs is as good.
      if (!existsSync(finished)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return finished;
}
