import { rm } from 'node:fs/promises';
import { readRecord, isAlive, type ClusterRecord } from './clusterRecord';
import { removeControlSocket } from './controlServer';
import { acquireLock } from '../base/processLock';
import type { PracticePaths } from './practicePaths';
import { endProcesses } from './processes';

/** The entry in the environment of everything that an instance of the cluster started. */
export function instanceMark(instance: string): string {
  return `RANKWISE_PRACTICE=${instance}`;
}

/** Removes keys, homes and the state file: all that is on disk except the log and the lock. The caller holds the lock. */
export async function removeFiles(paths: PracticePaths): Promise<void> {
  // The record last: while it is there, somebody will come back and try again.
  for (const path of [paths.identity, paths.knownHosts, paths.homes, paths.record]) {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Ends what is left of a cluster whose process died without saying so, and removes its files. The caller holds the
 * lock. Resolves with the ids of processes that would not end; then nothing is removed.
 */
export async function clearLeftovers(paths: PracticePaths, record: ClusterRecord): Promise<number[]> {
  const left = await endProcesses(instanceMark(record.instance));
  if (left.length > 0) return left;
  await removeControlSocket(record.control, paths.directory);
  await removeFiles(paths);
  return [];
}

/**
 * Clears up after a dead cluster, unless another process is already about it or starts a new one.
 * Resolves with the ids of processes that would not end.
 */
export async function clearDeadCluster(paths: PracticePaths): Promise<number[]> {
  const release = await acquireLock(paths.lock);
  if (release === undefined) return [];
  try {
    const record = await readRecord(paths.record);
    return record === undefined || isAlive(record) ? [] : await clearLeftovers(paths, record);
  } finally {
    await release();
  }
}
