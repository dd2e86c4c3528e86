import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where large tools are kept between runs, outside the repository: `RANKWISE_CACHE_DIR` or `~/.cache/rankwise`. */
export function cacheDirectory() {
  const chosen = process.env['RANKWISE_CACHE_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rankwise');
}

/**
 * Makes a directory of the cache once: `make` fills a temporary directory, which is then renamed, so that a broken
 * installation is never taken for a whole one. A second process that wants it meanwhile waits for the first.
 * @param {string} name says what is inside and its version: another version is another directory
 * @param {(directory: string) => Promise<void>} make
 * @returns {Promise<string>} the finished directory
 */
export async function once(name, make) {
  const finished = join(cacheDirectory(), name);
  if (existsSync(finished)) return finished;
  await mkdir(dirname(finished), { recursive: true });
  const unlock = await lock(`${finished}.lock`);
  try {
    if (existsSync(finished)) return finished;
    await removeUnfinished(finished);
    const unfinished = `${finished}.${process.pid}.part`;
    await mkdir(unfinished);
    try {
      await make(unfinished);
      await rename(unfinished, finished);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  } finally {
    await unlock();
  }
  return finished;
}

/** What a process that was killed left behind. @param {string} finished */
async function removeUnfinished(finished) {
  const parts = (await readdir(dirname(finished))).filter(
    (file) => file.startsWith(`${basename(finished)}.`) && file.endsWith('.part'),
  );
  for (const part of parts) await rm(join(dirname(finished), part), { recursive: true, force: true });
}

/**
 * Waits until no living process holds the lock, and takes it.
 * @param {string} file holds the pid of the process that has it
 * @returns {Promise<() => Promise<void>>} gives it back
 */
async function lock(file) {
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    await sleep(200);
    const holder = await readFile(file, 'utf8').catch(() => undefined);
    // Empty: it is being taken just now.
    if (holder === undefined || holder === '') continue;
    if (!isAlive(Number(holder))) await rm(file, { force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
