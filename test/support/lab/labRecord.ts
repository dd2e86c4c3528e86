import { readFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labCommand } from './labCommand';

/** Labs live in directories of this name below the temporary directory. */
export const labPrefix = 'rankwise-lab-';

/** What a lab made outside its own directory. Teardown goes by this alone. */
export interface LabRecord {
  owner: { pid: number; startTime: string };
  /** The bridge of the hosts that we reach; {@link privateBridge} is made beside it where there is one. */
  bridge: string;
  mounts: string[];
  /** The `unshare` of each host; ending it ends everything in the host. */
  processes: { pid: number; startTime: string }[];
}

/** The bridge of hosts that only the head reaches. */
export const privateBridge = ({ bridge }: Pick<LabRecord, 'bridge'>): string => `${bridge}p`;

const recordFile = 'lab.json';

/**
 * Writes the record anew: before each thing is made, so that a broken set-up can be taken down too. Whoever else makes a
 * lab at this moment reads it whole.
 */
export async function writeRecord(directory: string, record: LabRecord): Promise<void> {
  const file = join(directory, recordFile);
  await writeFile(`${file}.new`, JSON.stringify(record));
  await rename(`${file}.new`, file);
}

/** When a process began, in the kernel's clock ticks: with its pid this names it for good. Undefined: no such process. */
export function processStartTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Takes a lab down by its record; what is already gone is passed over, also what another sweep takes away meanwhile. */
export async function tearDown(directory: string, record: LabRecord): Promise<void> {
  await endProcesses(record.processes);
  for (const bridge of [record.bridge, privateBridge(record)]) {
    const isThere = async (): Promise<boolean> =>
      (await labCommand('ip', '-brief', 'link')).split('\n').some((line) => line.startsWith(`${bridge} `));
    await takeAway(isThere, 'ip', 'link', 'delete', bridge);
  }
  for (const mount of record.mounts) {
    const isThere = async (): Promise<boolean> =>
      (await readFile('/proc/self/mounts', 'utf8')).split('\n').some((line) => line.split(' ')[1] === mount);
    await takeAway(isThere, 'umount', mount);
  }
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** @throws Error when it is still there afterwards */
async function takeAway(isThere: () => Promise<boolean>, program: string, ...args: string[]): Promise<void> {
  if (!(await isThere())) return;
  try {
    await labCommand(program, ...args);
  } catch (error) {
    if (await isThere()) throw error;
  }
}

/**
 * Kills the processes, each only if it is still the one that was recorded, and waits until they are gone and with them
 * their hosts: process 1 of a host ends after every other one there.
 */
export async function endProcesses(processes: LabRecord['processes']): Promise<void> {
  const alive = processes.filter(isAlive);
  const hosts = alive.flatMap(({ pid }) => childrenOf(pid));
  for (const { pid } of alive) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended while we looked.
    }
  }
  for (const one of [...alive, ...hosts]) while (isAlive(one)) await new Promise((r) => setTimeout(r, 20));
}

function childrenOf(pid: number): LabRecord['processes'] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return children.map((child) => ({
      pid: Number(child),
      startTime: processStartTime(Number(child)) ?? '',
    }));
  } catch {
    return [];
  }
}

function isAlive({ pid, startTime }: LabRecord['processes'][number]): boolean {
  return processStartTime(pid) === startTime && !isZombie(pid);
}

/** Takes down labs whose owner is no longer there (a test run that was killed). */
export async function sweepLabs(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(labPrefix)) continue;
    const directory = join(tmpdir(), name);
    const record = await readFile(join(directory, recordFile), 'utf8')
      .then((text) => JSON.parse(text) as LabRecord)
      .catch(() => undefined);
    if (record === undefined || processStartTime(record.owner.pid) === record.owner.startTime) continue;
    await tearDown(directory, record);
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
