/**
 * What the dashboard and the extension tell each other. All numbers arrive ready to draw: series are reduced by
 * the extension to what the pixels can show; times are milliseconds since the epoch unless named otherwise.
 */

export const axes = ['step', 'epoch', 'time'] as const;
/** `step` counts over the run, `epoch` is epoch + fraction, `time` is seconds since the start of the run. */
export type Axis = (typeof axes)[number];

export const chartIds = ['left', 'right'] as const;
export type ChartId = (typeof chartIds)[number];

export const statusKinds = [
  'preparing',
  'queued',
  'running',
  'stopping',
  'ended',
  'stopped',
  'failed',
  'gone',
] as const;
export type StatusKind = (typeof statusKinds)[number];

export interface Status {
  kind: StatusKind;
  /** One or two words: `running`, `failed to start`. */
  label: string;
  /** What is being waited for, or why it ended; may be empty. */
  detail: string;
  /** What to do about it; may be empty. */
  nextStep: string;
  /** When what is being waited for is given up and the next step taken, or null. */
  deadline: number | null;
}

export interface LostHost {
  host: string;
  /** The last sign of life. */
  since: number;
  reason: string;
}

/** What is shown is not followed: it is as it was last seen. */
export interface LastSeen {
  /** The last sign of life, or null where it is not known. */
  at: number | null;
  /** Why, and what to do; empty where the lost hosts say it. */
  notice: string;
}

export interface RunHead {
  id: string;
  /** `launch #n`. */
  title: string;
  status: Status;
  startedAt: number;
  endedAt: number | null;
  /** Hosts that cannot be reached now. */
  contact: LostHost[];
  /** Null while at least one host tells how it goes on, or the run is over. */
  lastSeen: LastSeen | null;
  /** Workers whose process runs now. */
  running: number;
  /** Workers the plan expects, or that are known where there are more. */
  expected: number;
  /** Newest epoch seen, or null. */
  epoch: number | null;
  canStop: boolean;
}

export interface Tile {
  id: string;
  label: string;
  value: string;
  detail: string;
  tone: 'plain' | 'good' | 'warn';
}

export const workerStates = [
  'waiting',
  'running',
  'slow',
  'silent',
  'unreachable',
  'exited',
  'stopped',
  'failed',
  'gone',
] as const;
export type WorkerStateKind = (typeof workerStates)[number];

export interface WorkerRow {
  /** `host/local index`, or `rank/3`, `trial/…`, `lane/…` where only the launcher's log names it; colours and highlights are keyed by it. */
  id: string;
  /** Place in the plan, or rank, from 0: chooses colour and marker. */
  index: number;
  /** `rank 3`, `trial lr=0.1`, or the id while the rank is not known. */
  name: string;
  host: string;
  /** Local rank; null where it is not known. */
  local: number | null;
  rank: number | null;
  step: number | null;
  throughput: number | null;
  accuracy: number | null;
  loss: number | null;
  /** Fraction over (+) or under (-) the median of the workers. */
  versusMedian: number | null;
  lastLine: string;
  state: WorkerStateKind;
  stateText: string;
  /** Metric points read from its log. */
  points: number;
}

export interface EventRow {
  id: string;
  at: number;
  tone: 'plain' | 'good' | 'warn' | 'bad';
  text: string;
}

/** The way from nothing to a first point, while there is none; no stages for a run that could not be started. */
export interface Waiting {
  stages: { label: string; state: 'done' | 'active' | 'pending' | 'failed'; detail: string }[];
  lastLines: { worker: string; line: string }[];
}

export const seriesRoles = ['worker', 'median', 'low', 'high'] as const;
/** `low` and `high` are the edges of the band that holds the middle 80 % of the workers. */
export type SeriesRole = (typeof seriesRoles)[number];

export interface Series {
  /** Worker id, or `median`, `low`, `high`. */
  key: string;
  role: SeriesRole;
  x: number[];
  y: number[];
}

/** A series after a change: the first `keep` points of the known one, then these. */
export interface SeriesChange extends Series {
  keep: number;
}

export interface ChartInfo {
  id: ChartId;
  /** Name of the metric drawn, or null when there is none yet. */
  metric: string | null;
  label: string;
  unit: string;
  /** Set when the workers are drawn as median, band and outliers. */
  summarised: boolean;
}

export interface Chart extends ChartInfo {
  series: Series[];
}

/** Series left out of `order` are gone; those in `order` but not in `changes` are as they were. */
export interface ChartChange extends ChartInfo {
  order: string[];
  changes: SeriesChange[];
}

export interface Snapshot {
  /** Clock of the extension, so that running times do not depend on the page's clock. */
  now: number;
  axis: Axis;
  /** The axes that have values. */
  axes: Axis[];
  metrics: { name: string; label: string }[];
  run: RunHead;
  tiles: Tile[];
  workers: WorkerRow[];
  events: EventRow[];
  waiting: Waiting | null;
  charts: Chart[];
}

/** Whatever is present replaces what was known; `workers` has only changed rows, by id. */
export interface Delta {
  now: number;
  axis?: Axis | undefined;
  axes?: Axis[] | undefined;
  metrics?: { name: string; label: string }[] | undefined;
  run?: RunHead | undefined;
  tiles?: Tile[] | undefined;
  workers?: WorkerRow[] | undefined;
  events?: EventRow[] | undefined;
  waiting?: Waiting | null | undefined;
  charts?: ChartChange[] | undefined;
}

/** How the person looks at the run; kept by the page, sent whenever it changes. */
export interface ViewOptions {
  axis: Axis;
  /** Weight of the past in the moving average, 0 (off) to 0.99. */
  smoothing: number;
  /** Visible part of the x axis, or null for all of it. */
  range: { min: number; max: number } | null;
  /** Most points a line needs, from the width of a chart in pixels. */
  points: number;
  /** Chosen metric of each chart; null leaves the choice to the extension. */
  left: string | null;
  right: string | null;
  /** Highlighted workers: always drawn as a line of their own. */
  picked: string[];
}

export const exportFormats = ['png', 'csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type ToExtension =
  /** The page is loaded and wants a snapshot. */
  | { type: 'ready'; view: ViewOptions }
  | { type: 'view'; view: ViewOptions }
  /** A delta was missed. */
  | { type: 'resync' }
  | { type: 'stop' }
  | { type: 'showLogs'; worker: string | null }
  | { type: 'showPlan' }
  | { type: 'openTerminal'; worker: string | null }
  /** `data` is the picture (base64) for `png`, else empty: numbers are written from the full series. */
  | { type: 'export'; format: ExportFormat; data: string };

export type ToPage =
  | { type: 'snapshot'; cursor: number; state: Snapshot }
  /** Follows the message with `cursor - 1`. */
  | { type: 'delta'; cursor: number; change: Delta }
  /** There is nothing to draw, and why. */
  | { type: 'unavailable'; message: string; nextStep: string };
