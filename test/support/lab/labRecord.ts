import { readFileSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
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

/** Writes the record anew: before each thing is made, so that a broken set-up can be taken down too. */
export async function writeRecord(directory: string, record: LabRecord): Promise<void> {
  await writeFile(join(directory, recordFile), JSON.stringify(record));
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

/** Takes a lab down by its record; what is already gone is passed over. */
export async function tearDown(directory: string, record: LabRecord): Promise<void> {
  await endProcesses(record.processes);
  const links = await labCommand('ip', '-brief', 'link');
  for (const bridge of [record.bridge, privateBridge(record)]) {
    if (links.split('\n').some((line) => line.startsWith(`${bridge} `))) {
      await labCommand('ip', 'link', 'delete', bridge);
    }
  }
  const mounted = new Set(
    (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1]),
  );
  for (const mount of record.mounts) if (mounted.has(mount)) await labCommand('umount', mount);
  await rm(directory, { recursive: true, force: true });
}

/** Kills the processes, each only if it is still the one that was recorded, and waits until they are gone. */
export async function endProcesses(processes: LabRecord['processes']): Promise<void> {
  for (const { pid, startTime } of processes) {
    if (processStartTime(pid) === startTime) process.kill(pid, 'SIGKILL');
  }
  for (const { pid, startTime } of processes) {
    while (processStartTime(pid) === startTime && !isZombie(pid)) await new Promise((r) => setTimeout(r, 20));
  }
}

/** Takes down labs whose owner is no longer there (a test run that was killed). */
export async function sweepLabs(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(labPrefix)) continue;
    const directory = join(tmpdir(), name);
    const record = await readFile(join(directory, recordFile), 'utf8').then(
      (text) => JSON.parse(text) as LabRecord,
      () => undefined,
    );
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
