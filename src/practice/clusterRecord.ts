import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { RankwiseError } from '../base/errors';
import { startTimeOf } from '../base/processStart';

const schema = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  /** Start time of that process (see {@link startTimeOf}): a process id alone may have been given to another. */
  startTime: z.string(),
  /** The value of RANKWISE_PRACTICE in the environment of everything that runs on the hosts. */
  instance: z.string(),
  user: z.string(),
  hosts: z.array(
    z.object({
      name: z.string(),
      address: z.string(),
      port: z.int().min(1).max(65535),
      /** As in known_hosts: type and base64. */
      hostKey: z.string(),
    }),
  ),
  identityFile: z.string(),
  knownHostsFile: z.string(),
  /** Path of the control socket. */
  control: z.string(),
});

/** How a running practice cluster is found and reached. */
export type ClusterRecord = z.infer<typeof schema>;

/** Writes the record by rename, so that a reader sees all of it or nothing. */
export async function writeRecord(file: string, record: ClusterRecord): Promise<void> {
  const next = `${file}.${String(process.pid)}`;
  await writeFile(next, JSON.stringify(record, undefined, 2) + '\n', { mode: 0o600 });
  await rename(next, file);
}

/**
 * The record, or undefined where there is none.
 * @throws RankwiseError `practice.badRecord` when the file is not one.
 */
export async function readRecord(file: string): Promise<ClusterRecord | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw badRecord(file, error);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw badRecord(file, error);
  }
}

/** Whether the process that wrote the record still runs. */
export function isAlive(record: Pick<ClusterRecord, 'pid' | 'startTime'>): boolean {
  return startTimeOf(record.pid) === record.startTime;
}

function badRecord(file: string, cause: unknown): RankwiseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RankwiseError(
    'practice.badRecord',
    `The practice cluster's state file ${file} cannot be read: ${why}`,
    { nextStep: 'End its process if one runs, delete the file and start the practice cluster again.', cause },
  );
}
