import type { ClusterModel, LaunchModel } from '../../config/model';
import type { TrialSlot } from '../runGroup';

/**
 * `starting`: from before the first word to a host until every process has been seen started; `skipped`: its values ask for
 * more than the cluster has; `stopped`: by a person, before or after its start.
 */
export type TrialState = 'queued' | 'starting' | 'running' | 'done' | 'failed' | 'skipped' | 'stopped';

/** One trial as it is stored. Times in milliseconds since the epoch. */
export interface StoredTrial {
  id: string;
  label: string;
  values: Readonly<Record<string, string>>;
  /** From 1. */
  repeat: number;
  state: TrialState;
  /** Its run, chosen before the start and kept afterwards. */
  run?: string | undefined;
  slot?: TrialSlot | undefined;
  /** Why it failed or waits. */
  message?: string | undefined;
  /** Starts so far. */
  attempts: number;
  queuedAt: number;
  setUpAt?: number | undefined;
  startedAt?: number | undefined;
  endedAt?: number | undefined;
}

/**
 * All runs of one start of a launch with a matrix or repeats. Launch and cluster are as they were at that time: editing
 * `rankwise.yaml` does not change a group under way. Plain data, without a secret.
 */
export interface StoredGroup {
  version: 1;
  id: string;
  name?: string;
  launch: LaunchModel;
  cluster: ClusterModel;
  /** Values of parameters and resources that hold for all trials. */
  values: Readonly<Record<string, string>>;
  queuedAt: number;
  trials: readonly StoredTrial[];
}

/** Nothing more happens with this trial by itself. */
export function isTrialOver({ state }: StoredTrial): boolean {
  return state !== 'queued' && state !== 'starting' && state !== 'running';
}

export function isGroupOver({ trials }: StoredGroup): boolean {
  return trials.every(isTrialOver);
}

/** How many trials may run at the same time; `slots`: one on each free slot. Slurm is a queue by itself. */
export function parallelOf({ launch, cluster }: StoredGroup): number | 'slots' {
  const usesSlurm = cluster.slurm !== undefined;
  if (launch.parallel === 'slots') return usesSlurm ? Infinity : 'slots';
  return launch.parallel ?? (usesSlurm ? Infinity : 1);
}

/** Trials may be set up side by side where none copies files that another one reads. */
export function setUpsAtOnce({ files, setupScript, checkout }: LaunchModel): number {
  return files.length > 0 || setupScript !== undefined || checkout !== undefined ? 1 : 4;
}
