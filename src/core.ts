import type { Disposable } from './base/disposable';
import type { Event } from './base/emitter';
import type { ConfigModel } from './config/model';
import type { Plan } from './launch/plan';
import type { PracticeState } from './practice/practiceState';
import type { ComparisonRow } from './metrics/compare';
import type { EpochRow } from './metrics/epochTable';
import type { CoreOutputs } from './coreOutputs';
import type { KnownRecord } from './runs/leaves/readRecord';
import type { LaunchOptions } from './runs/launchOptions';
import type { RunView } from './runs/model';
import type { GroupView } from './runs/trials/groupView';
import type { SshTarget } from './ssh/target';
import type { Connection } from './ssh/connection';
import type { HostLook } from './ssh/lookUpHost';
import type { CoreKeys } from './coreKeys';
import type { CoreSlurm } from './coreSlurm';
import type { CoreTensorBoard } from './coreTensorBoard';

/** Reports what a long operation is doing; one short present-tense phrase at a time. */
export type Progress = (message: string) => void;

/** What is known of one host of a cluster now. */
export type HostStatus =
  | { kind: 'unknown' }
  | { kind: 'checking' }
  | {
      kind: 'reachable';
      cores: number;
      gpus: { index: number; name: string }[];
      load: number;
      latencyMs: number;
    }
  | { kind: 'unreachable'; reason: string; code: string };

export type { PracticeState };

/** The program without VS Code: everything the editor and the command line do goes through this. */
export interface Core extends Disposable {
  readonly config: {
    /** The current model, or undefined when there is no `rankwise.yaml`. */
    readonly current: ConfigModel | undefined;
    readonly onDidChange: Event<void>;
    /** Reads the file (and the hostfiles it names) again. `text` overrides what is on disk, by absolute path (unsaved editors). */
    reload(file: string, text?: ReadonlyMap<string, string>): Promise<void>;
    /** Forgets the file: it was deleted or the folder closed. */
    clear(): void;
  };
  readonly clusters: {
    /** Status of a host as last seen; nothing is asked. */
    status(cluster: string, host: string): HostStatus;
    readonly onDidChange: Event<{ cluster: string }>;
    /** Connects to every host of the cluster, in parallel, and asks what it has. Never throws for a host: failures are statuses. */
    check(cluster: string, signal?: AbortSignal): Promise<void>;
    /** The same for one host: a person signs in again there. */
    checkHost(cluster: string, host: string, signal?: AbortSignal): Promise<void>;
  };
  readonly runs: {
    readonly all: readonly RunView[];
    get(id: string): RunView | undefined;
    readonly onDidChange: Event<{ run: string }>;
    /** Attaches to every run that is not known to have ended: asks its hosts. Returns at once; changes come as events. */
    attachAll(): void;
    /** Somebody looks at runs, until the result is disposed: only then are Slurm's queues asked at intervals. */
    watchQueues(): Disposable;
    /** Resolves when what the hosts know of a run is known here too, each host that does not answer apart; or after the time. */
    caughtUp(id: string, timeoutMs: number): Promise<void>;
    /**
     * Gathers facts, plans, prepares, syncs and starts. Resolves once every process has been seen started.
     * @throws RankwiseError `launch.isGroup` for a launch with a matrix or repeats, see {@link Core.groups}.
     */
    launch(
      launch: string,
      options: LaunchOptions,
      progress: Progress,
      signal?: AbortSignal,
    ): Promise<RunView>;
    /**
     * The runs that ended while no window was open, each told once. Resolves when the hosts of the runs that were not known
     * to have ended have been asked, or do not answer. Whoever calls this is a window: what ends from now on is seen by it.
     */
    endedWhileAway(): Promise<RunView[]>;
    /**
     * Removes ended runs that are older than the setting keeps them, on their hosts and here; the log says which. One whose
     * host cannot be reached stays. Connects to hosts; for the background of a start.
     */
    clean(): Promise<void>;
    /** What a run was made of: commit and diff, config, launch, versions, and the settings it printed. */
    record(id: string): Promise<KnownRecord>;
    /** Signals the ranks, then proves on every host that nothing is left. Resolves with the hosts that could not prove it (empty: proven). */
    stop(
      id: string,
      progress: Progress,
      signal?: AbortSignal,
    ): Promise<{ unproven: { host: string; reason: string }[] }>;
    /** Forgets an ended run: its local cache and its directories on the hosts. */
    remove(id: string): Promise<void>;
    /** Path of the cached log of a worker (or `host/launcher`). */
    logFile(run: string, worker: string): string;
  };
  /** Launches with a matrix or repeats: groups of runs (trials) and the queue that starts them. */
  readonly groups: {
    /** Newest first. */
    readonly all: readonly GroupView[];
    get(id: string): GroupView | undefined;
    readonly onDidChange: Event<{ group: string }>;
    /**
     * Puts all trials in the queue; resolves once as many have been started as may run at the same time. The others follow
     * while this core lives; with {@link resume} in any window.
     * @throws RankwiseError before anything is queued; Cancelled, and then the group is stopped.
     */
    start(
      launch: string,
      options: LaunchOptions,
      progress: Progress,
      signal?: AbortSignal,
    ): Promise<GroupView>;
    /** Takes trials out of the queue and stops those that run, as {@link Core.runs} stops them. */
    stop(
      id: string,
      progress: Progress,
      signal?: AbortSignal,
    ): Promise<{ unproven: { host: string; reason: string }[] }>;
    /** Puts the trials that failed in the queue again, and only those. */
    retryFailed(id: string): Promise<GroupView>;
    /** Resolves when every trial is over; drives the queue where no other window does. @throws Cancelled */
    finished(id: string, signal?: AbortSignal): Promise<GroupView>;
    /** From now on this core drives the queue of every group that no other window drives. Connects to hosts. */
    resume(): void;
    /** Forgets a group that is over. Its runs stay. */
    remove(id: string): void;
  };
  /** The files that a run produces on its hosts, see `outputs:` of a launch. */
  readonly outputs: CoreOutputs;
  /** TensorBoard on a host of a run, reached on this machine. */
  readonly tensorBoard: Pick<CoreTensorBoard, 'start'>;
  /**
   * The comparison of runs, or of the runs of groups that ended well, by ids: workers, time, throughput, efficiency, accuracy.
   * @throws RankwiseError `run.unknown`
   */
  compare(ids: readonly string[]): Promise<ComparisonRow[]>;
  /** What each worker of a run reached in each epoch. @throws RankwiseError `run.unknown` */
  epochs(run: string): Promise<EpochRow[]>;
  /** The plan without facts: nothing is asked of any host. @throws RankwiseError naming the file and line that stand in the way. */
  preview(launch: string, options?: LaunchOptions): Plan;
  /** Series of one run, parsed from its cached logs; live while held. Dispose when the last picture closes. */
  openMetrics(run: string): Promise<RunMetrics>;
  /** Partitions and jobs of Slurm clusters; a script of the workspace as a job. */
  readonly slurm: Pick<CoreSlurm, 'status' | 'onDidChange' | 'ask' | 'submit' | 'test'>;
  /** SSH between the hosts of a cluster. */
  readonly keys: Pick<CoreKeys, 'preview' | 'carryOut' | 'prove'>;
  readonly practice: {
    readonly state: PracticeState;
    readonly onDidChange: Event<void>;
    start(): Promise<void>;
    /** Ends the practice runs and the process; leaves no key, no port. */
    stop(): Promise<void>;
  };
  /** How a host would be reached, by `ssh -G` and the name service; nothing is connected to. @throws RankwiseError `ssh.unresolved`; Cancelled */
  lookUp(target: SshTarget, signal?: AbortSignal): Promise<HostLook>;
  /** A connection for a terminal that a person opens, who may be asked for passwords. */
  connect(target: SshTarget, signal?: AbortSignal): Promise<Connection>;
}

/** Series of one run as the dashboard shows them. Implemented in metrics/. */
export type { RunMetrics } from './metrics/runMetrics';
import type { RunMetrics } from './metrics/runMetrics';
