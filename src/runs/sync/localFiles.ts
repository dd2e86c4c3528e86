import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RankwiseError, throwIfAborted } from '../../base/errors';
import { refuseLinkOut } from '../../base/insideFolder';
import type { Plan } from '../../launch/plan';

type SyncEntry = Plan['sync'][number];

/** Larger files are compared by size and time of change alone: reading them on every host would hold up each launch. */
export const largestHashedBytes = 64 << 20;

/** A file of this machine that a launch copies. */
export interface LocalFile {
  local: string;
  /** Path below the workdir. */
  remote: string;
  bytes: number;
  /** Permission bits. */
  mode: number;
  /** Whole seconds since the epoch. */
  changedAt: number;
  /** SHA-256 in hex; undefined for a large file. */
  hash: string | undefined;
}

/**
 * The files of a launch, by the paths they get. Links and devices inside a folder are left out.
 * @param folder of rankwise.yaml; nothing that lies outside of it is copied.
 * @throws RankwiseError `run.fileMissing` naming the local file, `config.leadsOut`; Cancelled.
 */
export async function localFiles(
  folder: string,
  entries: readonly SyncEntry[],
  signal?: AbortSignal,
): Promise<LocalFile[]> {
  for (const { local } of entries) refuseLinkOut(folder, local);
  const found = (await Promise.all(entries.map(filesBelow))).flat();
  const byRemote = new Map(found.map((entry) => [entry.remote, entry]));
  const files: LocalFile[] = [];
  for (const { local, remote } of byRemote.values()) {
    throwIfAborted(signal);
    const { size, mode, mtimeMs } = await stat(local);
    files.push({
      local,
      remote,
      bytes: size,
      mode: mode & 0o777,
      changedAt: Math.floor(mtimeMs / 1000),
      hash: size > largestHashedBytes ? undefined : await hashOf(local),
    });
  }
  return files;
}

async function filesBelow({ local, remote }: SyncEntry): Promise<SyncEntry[]> {
  const found = await stat(local).catch(() => undefined);
  if (found?.isFile() === true) return [{ local, remote }];
  if (found?.isDirectory() !== true) {
    throw new RankwiseError('run.fileMissing', `${local} does not exist`, {
      nextStep: 'Correct `files:` of the launch in rankwise.yaml.',
    });
  }
  const entries = await readdir(local, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { local: path, remote: posix.join(remote, ...relative(local, path).split(sep)) };
    });
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
