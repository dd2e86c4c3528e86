import type { SshTarget } from '../ssh/target';
import type { Problem, Range } from './problem';

/** Launchers that have a plan today. The schema reserves the others by name. */
export type LauncherName = 'ssh' | 'mpirun';

/** A machine reached by SSH. */
export interface HostModel {
  /** The name used in rows, logs and run directories: `[A-Za-z0-9][A-Za-z0-9._-]*`. */
  name: string;
  /** How we reach it. */
  target: SshTarget;
  /** How the other hosts reach it (a name or an address). */
  peer: string;
  /** Undefined where the file does not say; the launcher decides what that means (Open MPI: cores of the machine; ssh: 1). */
  slots: number | undefined;
  /** Where it stands, for "Open hostfile at this line". */
  source: { file: string; line: number };
}

export interface ClusterModel {
  name: string;
  hosts: HostModel[];
  /** The user's own hostfile, given to the launcher byte for byte. Absent for inline hosts. */
  hostfile?: { path: string; text: string };
  /** Directory on the hosts the command runs in; may start with `~/`. Default: the home directory. */
  workdir: string | undefined;
  /** Lines run in the same login shell before every command (conda activation, `module load`). */
  setup: string[];
  env: Record<string, string>;
  /** The reserved practice cluster has hosts only while its process runs. */
  practice: boolean;
  range: Range;
}

export interface MpirunOptions {
  mca: Record<string, string>;
  /** Names passed with `-x NAME`; every name in `env` is passed as well. */
  x: string[];
  bindTo: string | undefined;
  mapBy: string | undefined;
  /** Further arguments, verbatim. A flag here wins over what Rankwise would choose. */
  args: string[];
}

export interface LaunchModel {
  name: string;
  cluster: string;
  launcher: LauncherName;
  /** A string runs unchanged in the user's bash as a login shell; a list is literal arguments. */
  command: string | string[];
  /** Number of processes. Default: the sum of the slots. */
  np: number | undefined;
  env: Record<string, string>;
  /** Workspace files copied to the workdir before the start; relative to the file that names them. */
  files: string[];
  onWorkerExit: 'stop' | 'keep';
  /** Seconds to wait after SIGINT, then after SIGTERM, before the next harder signal. */
  stop: { interruptSeconds: number; terminateSeconds: number };
  mpirun: MpirunOptions;
  /** The `rankwise.yaml` it stands in; paths in it are relative to that file. */
  source: string;
  range: Range;
}

export interface FileProblem extends Problem {
  file: string;
}

/** An entry left out because of an error, so that lists can still show it by its name. */
export interface BrokenEntry {
  kind: 'cluster' | 'launch';
  name: string;
  range: Range;
}

/** One `rankwise.yaml` with its hostfiles read. Entries with an error are left out and named in `problems`. */
export interface ConfigModel {
  file: string;
  clusters: ClusterModel[];
  launches: LaunchModel[];
  problems: FileProblem[];
  /** The entries left out, in the order of the file. */
  broken?: BrokenEntry[];
}
