import type { LauncherName, MetricPattern } from '../config/model';
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

/**
 * How lines of a log say which worker printed them: by the launcher's own tags. `none`: all lines are of the process
 * itself. `auto`: a log from elsewhere, judged by its lines.
 */
export type TagStyle =
  'none' | 'openmpi' | 'srunLabel' | 'ray' | 'torchrun' | 'deepspeed' | 'horovodrun' | 'auto';

/** A process the supervisor starts and watches. Its output goes to `<host>/<id>.log` in the run directory. */
export interface PlanProcess {
  /** `[a-z0-9-]+`; `0`, `1`, … for a worker (its local index); a word such as `launcher`, `ray-head` for the others. */
  id: string;
  host: string;
  /**
   * `worker`: a training process. `launcher`: starts workers or drives them; the run is over when it is. `service`:
   * the others need it (a Ray node, a parameter server); it is ended on its host when the workers and launchers of that
   * host are over, and everywhere when the run is.
   */
  role: 'worker' | 'launcher' | 'service';
  /** What runs, for people and tests. The script `<host>/<id>.sh` among the files does exactly this. */
  argv: string[];
  env: Record<string, string>;
  cwd: string;
  /** Default: `none`. */
  tags?: TagStyle;
  /** A service: seconds it may go on when the other processes of its host are over and nobody follows. Default 0. */
  lingerSeconds?: number;
}

/** A training process to expect. `id` is `host/local index`, stable for the life of the run. */
export interface PlanWorker {
  id: string;
  host: string;
  localIndex: number;
  /** Undefined where the rank is only known once the process runs. */
  rank: number | undefined;
}

/** A value that travels on standard input at the start and is stored nowhere: `${secret:NAME}`, `${env:NAME}`. */
export interface PlanSecret {
  /** Variable of the environment that gets it. */
  variable: string;
  /** Where it comes from, such as `secret:wandb` or `env:WANDB_API_KEY`. */
  source: string;
}

/** One step of stopping: send the signal, then wait. */
export interface StopStep {
  signal: 'INT' | 'TERM' | 'KILL';
  /** Seconds to wait for everything to end before the next step. */
  graceSeconds: number;
}

/**
 * A Slurm job. `submit` among the processes runs `sbatch` on the login node and leaves the job's id in `job`; the tasks
 * of the job keep their records in the same directory, which compute nodes and login node share.
 */
export interface PlanSlurm {
  /** The job script: generated, or the user's own as it was submitted. Path below the run directory. */
  script: string;
  /** Whether tasks keep records of their own (`worker.sh`); a user's own script only has logs. */
  hasRecords: boolean;
  /** Least seconds between two questions to the controller. */
  pollSeconds: number;
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
  /** Set-up scripts of the workspace, run once per file system and content before the start. */
  setupScripts: { local: string; remote: string }[];
  checkout: { repository: string; ref: string } | undefined;
  secrets: PlanSecret[];
  /** The processes run inside a job of this Slurm cluster; the first host is its login node. */
  slurm: PlanSlurm | undefined;
  /** Ports of the run a person may want to open (Ray's dashboard), on loopback of the host. */
  pages: { label: string; host: string; port: number }[];
  /** Ports that Rankwise found free for the job to listen on; those the user wrote are not among them. */
  chosenPorts: { host: string; port: number }[];
  /** Globs of what the run produces, below the workdir of each host. */
  outputs: string[];
  /** Metrics that the launch defines beside the known ones; stored so that an old log is read the same way again. */
  metrics: MetricPattern[];
  /** Seconds within which every expected worker must have started. */
  joinSeconds: number;
  workdir: string;
  stop: StopStep[];
  /**
   * Who hears the first signals of a stop. `workers`: the launcher would kill its workers instead of letting them save
   * (mpirun). `all`: the launcher passes the signal on and must not start the workers again (torchrun, a Ray driver).
   */
  signalled: 'workers' | 'all';
  onWorkerExit: 'stop' | 'keep';
  /** What Rankwise chose or set by itself and why; shown in the preview. */
  notes: string[];
}

/** What a plan says of things it has nothing of; older plans lack these keys. */
export const emptyPlan: Pick<
  Plan,
  | 'setupScripts'
  | 'checkout'
  | 'secrets'
  | 'slurm'
  | 'pages'
  | 'chosenPorts'
  | 'outputs'
  | 'metrics'
  | 'joinSeconds'
  | 'signalled'
> = {
  setupScripts: [],
  checkout: undefined,
  secrets: [],
  slurm: undefined,
  pages: [],
  chosenPorts: [],
  outputs: [],
  metrics: [],
  joinSeconds: 120,
  signalled: 'workers',
};
