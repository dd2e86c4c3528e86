/** One slot of a host that a trial has for itself. */
export interface TrialSlot {
  host: string;
  /** From 0. */
  index: number;
  /** The GPU it sees; undefined where the host has none. */
  gpu: number | undefined;
}

/** The trial that a run is: one run of a launch with a matrix or repeats. */
export interface RunGroup {
  /** Id of the group. */
  id: string;
  trial: string;
  /** For people: `nodes 2 · gpus 0 · run 3 of 3`. */
  label: string;
  /** From 1. */
  repeat: number;
  /** Values of the matrix, by parameter or resource. */
  values: Readonly<Record<string, string>>;
  /** Set where one trial runs on each slot. */
  slot?: TrialSlot;
}
