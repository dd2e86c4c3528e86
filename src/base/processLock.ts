import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess, startTimeOf } from './processStart';
import { notWritable } from './stateDir';

/** A takeover lasts a few system calls; a guard older than this was left by a process that died in the middle. */
const abandonedGuardMs = 5000;

/** Gives the lock back. @throws RankwiseError `state.notWritable`. */
export type Release = () => Promise<void>;

/**
 * Takes the lock at `path`, or gives undefined while a live process (this one included) holds it. The lock of a
 * process that is gone is taken over. The file names its holder by process id and start time.
 * @throws RankwiseError `state.notWritable` naming the directory of the lock.
 */
export async function acquireLock(path: string): Promise<Release | undefined> {
  const writing = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw notWritable(dirname(path), error);
    });
  const isMine = await writing(take(path));
  return isMine ? () => writing(rm(path, { force: true })) : undefined;
}

async function take(path: string): Promise<boolean> {
  const mine = `${path}.${randomUUID()}`;
  try {
    await writeFile(mine, `${String(process.pid)} ${startTimeOf(process.pid) ?? ''}`, { mode: 0o600 });
    for (;;) {
      // A link appears with its content, so nobody ever reads a lock without a holder.
      if (await succeeds(link(mine, path), 'EEXIST')) return true;
      if (await isHeld(path)) return false;
      await removeAbandoned(path);
      await delay(20);
    }
  } finally {
    // A full disk leaves an empty file; that it cannot be removed either is no news.
    await rm(mine, { force: true }).catch(() => undefined);
  }
}

/** Removes a lock without a holder, one process at a time: else the slower of two would remove the faster one's new lock. */
async function removeAbandoned(path: string): Promise<void> {
  const guard = `${path}.takeover`;
  if (await succeeds(writeFile(guard, '', { flag: 'wx', mode: 0o600 }), 'EEXIST')) {
    if (!(await isHeld(path))) await rm(path, { force: true });
    await rm(guard, { force: true });
    return;
  }
  const made = await stat(guard).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > abandonedGuardMs) await rm(guard, { force: true });
}

async function isHeld(path: string): Promise<boolean> {
  const [pid, startTime] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
  return startTime !== undefined && isSameProcess(Number(pid), startTime);
}

async function succeeds(operation: Promise<void>, refusal: string): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === refusal) return false;
    throw error;
  }
}
