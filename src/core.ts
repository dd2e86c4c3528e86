import type { Disposable } from './base/disposable';
import type { Event } from './base/emitter';
import type { ConfigModel } from './config/model';
import type { Plan } from './launch/plan';
import type { PracticeState } from './practice/practiceState';
import type { RunView } from './runs/model';
import type { SshTarget } from './ssh/target';
import type { Connection } from './ssh/connection';
import type { CoreKeys } from './coreKeys';

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
    /** Gathers facts, plans, prepares, syncs and starts. Resolves once every process has been seen started. */
    launch(launch: string, progress: Progress, signal?: AbortSignal): Promise<RunView>;
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
  /** The plan without facts: nothing is asked of any host. @throws RankwiseError naming the file and line that stand in the way. */
  preview(launch: string): Plan;
  /** Series of one run, parsed from its cached logs; live while held. Dispose when the last picture closes. */
  openMetrics(run: string): Promise<RunMetrics>;
  /** SSH between the hosts of a cluster. */
  readonly keys: Pick<CoreKeys, 'preview' | 'carryOut' | 'prove'>;
  readonly practice: {
    readonly state: PracticeState;
    readonly onDidChange: Event<void>;
    start(): Promise<void>;
    /** Ends the practice runs and the process; leaves no key, no port. */
    stop(): Promise<void>;
  };
  /** A connection for a terminal that a person opens, who may be asked for passwords. */
  connect(target: SshTarget, signal?: AbortSignal): Promise<Connection>;
}

/** Series of one run as the dashboard shows them. Implemented in metrics/. */
export type { RunMetrics } from './metrics/runMetrics';
import type { RunMetrics } from './metrics/runMetrics';
