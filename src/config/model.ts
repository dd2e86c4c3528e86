import type { SshTarget } from '../ssh/target';
import type { Problem, Range } from './problem';

/** What starts the processes of a launch. */
export const launcherNames = [
  'ssh',
  'mpirun',
  'horovodrun',
  'torchrun',
  'deepspeed',
  'accelerate',
  'mxnet',
  'ray',
  'slurm',
] as const;
export type LauncherName = (typeof launcherNames)[number];

/** The checks before a start, by the names that `skipChecks` takes. */
export const preflightChecks = [
  'reachable',
  'home',
  'workdir',
  'disk',
  'command',
  'setup',
  'clock',
  'ports',
  'gpus',
  'limits',
  'passwordless',
  'files',
] as const;
export type PreflightCheck = (typeof preflightChecks)[number];

/** A variable of the environment whose value is fetched at the start and stored nowhere. */
export interface SecretVariable {
  variable: string;
  /** `secret:NAME` or `env:NAME`. */
  source: string;
}

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
  /** GPUs as the file says; undefined: as found on the host. */
  gpus: number | undefined;
  /** Where it stands, for "Open hostfile at this line". */
  source: { file: string; line: number };
}

/** What a line of a hostfile does not say. */
export interface HostDefaults {
  target: Omit<SshTarget, 'host'>;
  gpus: number | undefined;
}

export interface ClusterModel {
  name: string;
  hosts: HostModel[];
  /** The host that reaches the others and on which launchers run. Default: the first host. It is one of `hosts` where it has slots. */
  head: HostModel | undefined;
  /**
   * A Slurm cluster: its login node, and defaults for `slurm:` of its launches. Such a cluster has no `hosts`.
   * `pollSeconds`: least seconds between two questions to the controller, 30 where it does not say.
   */
  slurm: { login: HostModel; options: Partial<SlurmOptions>; pollSeconds?: number } | undefined;
  /** The hostfile lies on the head, at this path; `hosts` are what it said when it was last read (empty: not read yet). */
  remoteHostfile: string | undefined;
  /** With `remoteHostfile`: how its hosts are reached. */
  hostDefaults?: HostDefaults;
  /** The user's own hostfile, given to the launcher byte for byte. Absent for inline hosts. */
  hostfile?: { path: string; text: string };
  /** Directory on the hosts the command runs in; may start with `~/`. Default: the home directory. */
  workdir: string | undefined;
  /** Lines run in the same login shell before every command (conda activation, `module load`). */
  setup: string[];
  env: Record<string, string>;
  /** Values of `env:` that are fetched at the start; their names are not in `env`. */
  secrets?: SecretVariable[];
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

/** `horovodrun`, Horovod's own launcher. */
export interface HorovodrunOptions {
  /** What carries the collectives: gloo, or Open MPI (`--mpi`). */
  controller: 'gloo' | 'mpi';
  /** Given as `--network-interfaces`. Default: an interface that all hosts share. */
  interface: string | undefined;
  args: string[];
}

/** `torchrun`, one agent per host. */
export interface TorchrunOptions {
  /** `torchrun`, or `python -m torch.distributed.launch` on old machines. */
  program: 'torchrun' | 'torch.distributed.launch';
  rendezvous: 'static' | 'c10d';
  /** Fewest hosts an elastic job goes on with (`--nnodes MIN:MAX`); undefined: all of them. */
  minNodes: number | undefined;
  maxRestarts: number;
  args: string[];
}

/** Launchers with nothing but further arguments: `deepspeed`, `accelerate launch`. */
export interface ArgsOptions {
  args: string[];
}

export interface MxnetOptions {
  /** Parameter servers. Default: as many as workers. */
  servers: number | undefined;
  /** Path of the user's `launch.py` on the head; undefined: Rankwise starts scheduler, servers and workers itself. */
  launchPy: string | undefined;
  /** `--launcher` of launch.py. */
  tracker: 'local' | 'ssh' | 'mpi' | 'sge' | 'yarn';
  syncDstDir: string | undefined;
  /** DMLC_INTERFACE. Default: an interface that all hosts share. */
  interface: string | undefined;
  args: string[];
}

export interface RayOptions {
  /** An existing Ray cluster, such as `10.0.0.5:6379` or `http://10.0.0.5:8265` (jobs); undefined: Rankwise starts one. */
  address: string | undefined;
  /** Run the command on the head as the driver, or hand it to `ray job submit`. */
  mode: 'driver' | 'submit';
  /** CPUs and GPUs each host offers to Ray. Default: what Ray finds; GPUs also as the cluster says. */
  numCpus: number | undefined;
  numGpus: number | undefined;
  /** Seconds to wait until every host has joined. */
  joinSeconds: number;
  headArgs: string[];
  nodeArgs: string[];
}

/** Options of sbatch, by their long names. */
export interface SlurmOptions {
  /** The user's own sbatch script, relative to `rankwise.yaml`; undefined: one is generated from the launch. */
  script: string | undefined;
  partition: string | undefined;
  account: string | undefined;
  qos: string | undefined;
  constraint: string | undefined;
  time: string | undefined;
  mem: string | undefined;
  gres: string | undefined;
  cpusPerTask: number | undefined;
  ntasksPerNode: number | undefined;
  array: string | undefined;
  dependency: string | undefined;
  /** Launches whose newest run has to succeed first (`--dependency=afterok:JOB`). */
  after: string[];
  requeue: boolean | undefined;
  exclusive: boolean | undefined;
  /** Further arguments of sbatch, verbatim; they win. */
  args: string[];
  /** Further arguments of srun. */
  srun: string[];
}

export interface SshOptions {
  /** One process per slot, or one per host. */
  per: 'slot' | 'host';
  /** A command that runs once, on the first host, beside the workers and ends with them (a name server). */
  service: string | string[] | undefined;
}

/** A pattern of a metric in the log. */
export interface MetricPattern {
  name: string;
  /** Regular expression with one group, or a group named `value` (and `step`, `epoch`). */
  pattern: string;
  unit: string | undefined;
  /** `job`: one value for all workers. */
  scope: 'worker' | 'job';
}

/** Varies parameters (`lr`) or resources (`nodes`, `gpus`, `np`, `partition`) of a launch. */
export interface MatrixModel {
  /** Values by name, in the order of the file. */
  axes: Record<string, string[]>;
  /** Combinations added, or values added to matching combinations. */
  include: Record<string, string>[];
  /** Combinations left out. */
  exclude: Record<string, string>[];
}

export interface LaunchModel {
  name: string;
  cluster: string;
  launcher: LauncherName;
  /** A string runs unchanged in the user's bash as a login shell; a list is literal arguments. */
  command: string | string[];
  /** Number of processes. Default: the sum of the slots. */
  np: number | undefined;
  /** Hosts to use. Default: all. */
  nodes: number | undefined;
  /** GPUs per host. */
  gpus: number | undefined;
  env: Record<string, string>;
  /** Values of `env:` that are fetched at the start; their names are not in `env`. They win over the cluster's `env`. */
  secrets?: SecretVariable[];
  /** Workspace files copied to the workdir before the start; relative to the file that names them. */
  files: string[];
  /** A commit of a git repository put into the workdir before the start, another way than `files`. */
  checkout: { repository: string; ref: string } | undefined;
  /** A script of the workspace, run on every host before the start: once per file system and content. */
  setupScript: string | undefined;
  onWorkerExit: 'stop' | 'keep';
  /** Seconds to wait after SIGINT, then after SIGTERM, before the next harder signal. */
  stop: { interruptSeconds: number; terminateSeconds: number };
  /** Seconds within which every expected worker must have started. */
  joinSeconds: number;
  /** Preflight checks left out, by name. */
  skipChecks: PreflightCheck[];
  /** Parameters with their defaults; `${params.NAME}` in list elements and environment values. */
  params: Record<string, string>;
  /** Named sets of parameters. */
  presets: Record<string, Record<string, string>>;
  matrix: MatrixModel | undefined;
  /** Runs of each combination. */
  repeat: number;
  /** Trials at the same time on the whole cluster, or one on each free slot. Undefined: 1, and all of them on Slurm. */
  parallel: number | 'slots' | undefined;
  metrics: MetricPattern[];
  /** The training config file, relative to `rankwise.yaml`. */
  config: string | undefined;
  /** Globs below the workdir of what the run produces. */
  outputs: string[];
  /** Python packages whose versions are stored with the run. */
  packages: string[];
  /** How to go on from the newest file that matches: `${checkpoint}` in `args`, CHECKPOINT in the environment. */
  resume: { newest: string; args: string[] } | undefined;
  mpirun: MpirunOptions;
  horovodrun: HorovodrunOptions;
  torchrun: TorchrunOptions;
  deepspeed: ArgsOptions;
  accelerate: ArgsOptions;
  mxnet: MxnetOptions;
  ray: RayOptions;
  slurm: SlurmOptions;
  ssh: SshOptions;
  /** Parameters and trial are filled in (`applyParameters`): whatever looks like a reference now is literal text. */
  resolved?: true;
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

/** A file that a `rankwise.yaml` names, and the launches that it is named for, those with an error in a file included. */
export interface NamedFile {
  kind: 'hostfile' | 'training' | 'sbatch';
  /** Absolute. */
  path: string;
  /** Undefined where it cannot be read. */
  text: string | undefined;
  /** Of a hostfile: the launches on its clusters. The cluster is undefined where it has an error. */
  uses: { launch: LaunchModel; cluster: ClusterModel | undefined }[];
}

/** One `rankwise.yaml` with its hostfiles read. Entries with an error are left out and named in `problems`. */
export interface ConfigModel {
  file: string;
  clusters: ClusterModel[];
  launches: LaunchModel[];
  problems: FileProblem[];
  /** The entries left out, in the order of the file. */
  broken?: BrokenEntry[];
  /** The files it names, whether they can be read or not. */
  files?: NamedFile[];
}
