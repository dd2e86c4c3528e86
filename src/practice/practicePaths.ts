import { join } from 'node:path';

/** The practice cluster's hosts, in the order in which they are listed. */
export const practiceHostNames = ['practice1', 'practice2', 'practice3', 'practice4'] as const;

/** Everything the practice cluster keeps on disk, all below one directory of mode 700. */
export interface PracticePaths {
  directory: string;
  /** Written by rename once all hosts listen; see clusterRecord. */
  record: string;
  /** Held by the one process that is the cluster. */
  lock: string;
  /** What the process says; started afresh by each cluster and the only file that outlives it. */
  log: string;
  /** The client key, mode 600. */
  identity: string;
  knownHosts: string;
  /** One home directory per host. */
  homes: string;
}

export function practicePaths(stateDir: string): PracticePaths {
  const directory = join(stateDir, 'practice');
  return {
    directory,
    record: join(directory, 'state.json'),
    lock: join(directory, 'lock'),
    log: join(directory, 'practice.log'),
    identity: join(directory, 'client_key'),
    knownHosts: join(directory, 'known_hosts'),
    homes: join(directory, 'homes'),
  };
}
