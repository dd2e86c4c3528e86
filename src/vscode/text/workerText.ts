import type { Contact, RunView, WorkerView } from '../../runs/model';
import { rowContexts } from '../ids';
import { exitText } from '../../runs/exitText';
import { formatPercent, formatRate, formatTimeOfDay, joinParts } from './format';
import type { Row, RowIcon } from './row';
import type { WorkerSummary } from './runSummary';

/** `rank 3`, or the worker's id until its rank is known. */
export function workerTitle(worker: WorkerView): string {
  return worker.rank === undefined ? worker.id : `rank ${worker.rank}`;
}

/** The row of a worker below its run. */
export function workerRow(run: RunView, worker: WorkerView, summary: WorkerSummary | undefined): Row {
  const contact = run.contact[worker.host];
  const running = worker.state.kind === 'running';
  const slow = running && summary?.slow !== undefined ? summary.slow : undefined;
  const description = joinParts([
    worker.host,
    stateText(worker, contact),
    slow === undefined ? undefined : `${formatPercent(slow.behind)} slower than the median`,
    running && summary?.throughput !== undefined ? `${formatRate(summary.throughput)} samples/s` : undefined,
    summary?.step === undefined ? undefined : `step ${summary.step}`,
    worker.incompleteSince === undefined
      ? undefined
      : `log incomplete since byte ${worker.incompleteSince.toLocaleString('en-US')}: is the disk full?`,
  ]);
  return {
    label: workerTitle(worker),
    description,
    tooltip: `${workerTitle(worker)} (${worker.id}): ${description}`,
    icon: workerIcon(run, worker, slow !== undefined),
    contextValue: rowContexts.worker,
  };
}

function stateText(worker: WorkerView, contact: Contact | undefined): string | undefined {
  if (contact?.kind === 'unreachable') return `unreachable since ${formatTimeOfDay(contact.since)}`;
  switch (worker.state.kind) {
    case 'waiting':
      return 'waiting to start';
    case 'running':
      return undefined;
    case 'exited':
      return worker.state.code === 0 ? 'finished' : exitText(worker.state.code);
    case 'gone':
      return 'gone: no exit record and no process';
  }
}

/** What a person stopped did not fail, whatever status the signal left. */
function stoppedByPerson({ state }: RunView): boolean {
  return state.kind === 'stopping' || (state.kind === 'ended' && state.by === 'stop');
}

function workerIcon(run: RunView, worker: WorkerView, slow: boolean): RowIcon {
  if (run.contact[worker.host]?.kind === 'unreachable' || slow)
    return { id: 'warning', color: 'list.warningForeground' };
  switch (worker.state.kind) {
    case 'waiting':
      return { id: 'circle-outline' };
    case 'running':
      return { id: 'circle-filled', color: 'charts.green' };
    case 'exited':
      if (worker.state.code === 0) return { id: 'pass', color: 'testing.iconPassed' };
      return stoppedByPerson(run) ? { id: 'circle-slash' } : { id: 'error', color: 'testing.iconFailed' };
    case 'gone':
      return { id: 'question', color: 'list.warningForeground' };
  }
}
