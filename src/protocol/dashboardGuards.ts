import type * as P from './dashboard';
import { axes, chartIds, exportFormats, seriesRoles, statusKinds, workerStates } from './dashboard';
import {
  isBoolean,
  isNumber,
  isString,
  listOf,
  nullOr,
  oneOf,
  optional,
  readMessage,
  shape,
  type MessageTable,
} from './guard';

const isAxis = oneOf(axes);
const isMetric = shape<{ name: string; label: string }>({ name: isString, label: isString });

const isRunHead = shape<P.RunHead>({
  id: isString,
  title: isString,
  status: shape<P.Status>({
    kind: oneOf(statusKinds),
    label: isString,
    detail: isString,
    nextStep: isString,
    deadline: nullOr(isNumber),
  }),
  startedAt: isNumber,
  endedAt: nullOr(isNumber),
  contact: listOf(shape<P.LostHost>({ host: isString, since: isNumber, reason: isString })),
  lastSeen: nullOr(shape<P.LastSeen>({ at: nullOr(isNumber), notice: isString })),
  running: isNumber,
  expected: isNumber,
  epoch: nullOr(isNumber),
  canStop: isBoolean,
});

const isTile = shape<P.Tile>({
  id: isString,
  label: isString,
  value: isString,
  detail: isString,
  tone: oneOf(['plain', 'good', 'warn']),
});

const isWorkerRow = shape<P.WorkerRow>({
  id: isString,
  index: isNumber,
  name: isString,
  host: isString,
  local: nullOr(isNumber),
  rank: nullOr(isNumber),
  step: nullOr(isNumber),
  throughput: nullOr(isNumber),
  accuracy: nullOr(isNumber),
  loss: nullOr(isNumber),
  versusMedian: nullOr(isNumber),
  lastLine: isString,
  state: oneOf(workerStates),
  stateText: isString,
  points: isNumber,
});

const isEventRow = shape<P.EventRow>({
  id: isString,
  at: isNumber,
  tone: oneOf(['plain', 'good', 'warn', 'bad']),
  text: isString,
});

const isWaiting = shape<P.Waiting>({
  stages: listOf(
    shape<P.Waiting['stages'][number]>({
      label: isString,
      state: oneOf(['done', 'active', 'pending', 'failed']),
      detail: isString,
    }),
  ),
  lastLines: listOf(shape<P.Waiting['lastLines'][number]>({ worker: isString, line: isString })),
});

const seriesFields = { key: isString, role: oneOf(seriesRoles), x: listOf(isNumber), y: listOf(isNumber) };
const infoFields = {
  id: oneOf(chartIds),
  metric: nullOr(isString),
  label: isString,
  unit: isString,
  summarised: isBoolean,
};
const isChart = shape<P.Chart>({ ...infoFields, series: listOf(shape<P.Series>(seriesFields)) });
const isChartChange = shape<P.ChartChange>({
  ...infoFields,
  order: listOf(isString),
  changes: listOf(shape<P.SeriesChange>({ ...seriesFields, keep: isNumber })),
});

const isSnapshot = shape<P.Snapshot>({
  now: isNumber,
  axis: isAxis,
  axes: listOf(isAxis),
  metrics: listOf(isMetric),
  run: isRunHead,
  tiles: listOf(isTile),
  workers: listOf(isWorkerRow),
  events: listOf(isEventRow),
  waiting: nullOr(isWaiting),
  charts: listOf(isChart),
});

const isDelta = shape<P.Delta>({
  now: isNumber,
  axis: optional(isAxis),
  axes: optional(listOf(isAxis)),
  metrics: optional(listOf(isMetric)),
  run: optional(isRunHead),
  tiles: optional(listOf(isTile)),
  workers: optional(listOf(isWorkerRow)),
  events: optional(listOf(isEventRow)),
  waiting: optional(nullOr(isWaiting)),
  charts: optional(listOf(isChartChange)),
});

/** Also the check of what an earlier page left behind in its saved state. */
export const isViewOptions = shape<P.ViewOptions>({
  axis: isAxis,
  smoothing: isNumber,
  range: nullOr(shape<{ min: number; max: number }>({ min: isNumber, max: isNumber })),
  points: isNumber,
  left: nullOr(isString),
  right: nullOr(isString),
  picked: listOf(isString),
});

/** Every message of the dashboard, both ways, with the check of what it carries. */
export const DashboardApi: { toExtension: MessageTable<P.ToExtension>; toPage: MessageTable<P.ToPage> } = {
  toExtension: {
    ready: shape<{ view: P.ViewOptions }>({ view: isViewOptions }),
    view: shape<{ view: P.ViewOptions }>({ view: isViewOptions }),
    resync: shape({}),
    stop: shape({}),
    showLogs: shape<{ worker: string | null }>({ worker: nullOr(isString) }),
    showPlan: shape({}),
    openTerminal: shape<{ worker: string | null }>({ worker: nullOr(isString) }),
    export: shape<{ format: P.ExportFormat; data: string }>({ format: oneOf(exportFormats), data: isString }),
  },
  toPage: {
    snapshot: shape<{ cursor: number; state: P.Snapshot }>({ cursor: isNumber, state: isSnapshot }),
    delta: shape<{ cursor: number; change: P.Delta }>({ cursor: isNumber, change: isDelta }),
    unavailable: shape<{ message: string; nextStep: string }>({ message: isString, nextStep: isString }),
  },
};

/** The message a page sent, or undefined when it is none. */
export function readToExtension(value: unknown): P.ToExtension | undefined {
  return readMessage(DashboardApi.toExtension, value);
}

/** The message the extension sent, or undefined when it is none. */
export function readToPage(value: unknown): P.ToPage | undefined {
  return readMessage(DashboardApi.toPage, value);
}
