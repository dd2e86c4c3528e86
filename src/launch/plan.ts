import type { LauncherName } from '../config/model';
import type { SshTarget } from '../ssh/target';

/** A host of a plan. */
export interface PlanHost {
  name: string;
  target: SshTarget;
  peer: string;
}

/** A text file written before the start; the path is below the run directory `~/.rankwise/runs/<id>/`. */
export interface PlanFile {
  host: string;
  path: string;
  /** Octal as a number, such as 0o700. */
  mode: number;
  content: string;
}

/** A process the supervisor starts and watches. Its output goes to `<host>/<id>.log` in the run directory. */
export interface PlanProcess {
  /** `[a-z0-9-]+`; `0`, `1`, … for a worker (its local index), `launcher` for mpirun itself. */
  id: string;
  host: string;
  role: 'worker' | 'launcher';
  /** What runs, for people and tests. The script `<host>/<id>.sh` among the files does exactly this. */
  argv: string[];
  env: Record<string, string>;
  cwd: string;
}

/** A training process to expect. `id` is `host/local index`, stable for the life of the run. */
export interface PlanWorker {
  id: string;
  host: string;
  localIndex: number;
  /** Undefined where the rank is only known once the process runs. */
  rank: number | undefined;
}

/** One step of stopping: send the signal, then wait. */
export interface StopStep {
  signal: 'INT' | 'TERM' | 'KILL';
  /** Seconds to wait for everything to end before the next step. */
  graceSeconds: number;
}

/**
 * A launch resolved to exact files and commands. Plain data (JSON round trip), nothing run yet: it can be previewed,
 * diffed, stored with the run and replayed.
 */
export interface Plan {
  version: 1;
  /** Run id, or `<run>` in a preview. */
  run: string;
  launch: string;
  cluster: string;
  launcher: LauncherName;
  hosts: PlanHost[];
  files: PlanFile[];
  processes: PlanProcess[];
  /** Workers to expect. */
  np: number;
  /** The workers known in advance; empty where only the launcher decides which host gets which rank. */
  workers: PlanWorker[];
  /** Workspace files (absolute local path, path below the workdir) copied once per file system. */
  sync: { local: string; remote: string }[];
  workdir: string;
  stop: StopStep[];
  onWorkerExit: 'stop' | 'keep';
  /** What Rankwise chose or set by itself and why; shown in the preview. */
  notes: string[];
}
