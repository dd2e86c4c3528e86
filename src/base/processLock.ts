import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess, startTimeOf } from './processStart';

/** A takeover lasts a few system calls; a guard older than this was left by a process that died in the middle. */
const abandonedGuardMs = 5000;

/** Gives the lock back. */
export type Release = () => Promise<void>;

/**
 * Takes the lock at `path`, or gives undefined while a live process (this one included) holds it. The lock of a
 * process that is gone is taken over. The file names its holder by process id and start time.
 */
export async function acquireLock(path: string): Promise<Release | undefined> {
  const mine = `${path}.${randomUUID()}`;
  await writeFile(mine, `${String(process.pid)} ${startTimeOf(process.pid) ?? ''}`, { mode: 0o600 });
  try {
    for (;;) {
      // A link appears with its content, so nobody ever reads a lock without a holder.
      if (await succeeds(link(mine, path), 'EEXIST')) return () => rm(path, { force: true });
      if (await isHeld(path)) return undefined;
      await removeAbandoned(path);
      await delay(20);
    }
  } finally {
    await rm(mine, { force: true });
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
