import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mayLive, thisProcess, type ProcessMark } from './processMark';
import { notWritable } from './stateDir';

/** A takeover lasts a few system calls; a guard older than this was left by a process that died in the middle. */
const abandonedGuardMs = 5000;

type Reach = 'machine' | 'all';

/** Gives the lock back. @throws RankwiseError `state.notWritable`. */
export type Release = () => Promise<void>;

/**
 * Takes the lock at `path`, or gives undefined while a live process (this one included) holds it. The lock of a
 * process that is gone is taken over. The file names its holder: process id, start time, boot id, machine.
 * @param of `machine`: what it guards is this machine's own, and a process of another one holds nothing. `all`: machines
 * share it; the lock of another one is respected until it is given back or taken over there.
 * @throws RankwiseError `state.notWritable` naming the directory of the lock.
 */
export async function acquireLock(path: string, of: Reach = 'machine'): Promise<Release | undefined> {
  const writing = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw notWritable(dirname(path), error);
    });
  const isMine = await writing(take(path, of));
  return isMine ? () => writing(rm(path, { force: true })) : undefined;
}

async function take(path: string, of: Reach): Promise<boolean> {
  const { pid, startTime, machine } = thisProcess();
  const mine = `${path}.${randomUUID()}`;
  try {
    const words = [pid, startTime, machine?.boot, machine?.name];
    await writeFile(mine, words.join(' '), { mode: 0o600 });
    for (;;) {
      // A link appears with its content, so nobody ever reads a lock without a holder.
      if (await succeeds(link(mine, path), 'EEXIST')) return true;
      if (await isHeld(path, of)) return false;
      await removeAbandoned(path, of);
      await delay(20);
    }
  } finally {
    // A full disk leaves an empty file; that it cannot be removed either is no news.
    await rm(mine, { force: true }).catch(() => undefined);
  }
}

/** Removes a lock without a holder, one process at a time: else the slower of two would remove the faster one's new lock. */
async function removeAbandoned(path: string, of: Reach): Promise<void> {
  const guard = `${path}.takeover`;
  if (await succeeds(writeFile(guard, '', { flag: 'wx', mode: 0o600 }), 'EEXIST')) {
    if (!(await isHeld(path, of))) await rm(path, { force: true });
    await rm(guard, { force: true });
    return;
  }
  const made = await stat(guard).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > abandonedGuardMs) await rm(guard, { force: true });
}

async function isHeld(path: string, of: Reach): Promise<boolean> {
  const holder = readHolder(await readFile(path, 'utf8').catch(() => ''));
  if (holder === undefined) return false;
  return mayLive(holder) && (of === 'all' || isOfThisMachine(holder));
}

function isOfThisMachine({ machine }: ProcessMark): boolean {
  return machine === undefined || machine.name === thisProcess().machine?.name;
}

function readHolder(text: string): ProcessMark | undefined {
  const [pid, startTime, boot, name] = text.split(' ');
  if (startTime === undefined) return undefined;
  const machine = boot === undefined || name === undefined ? undefined : { name, boot };
  return { pid: Number(pid), startTime, machine };
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
