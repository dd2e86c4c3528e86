import type { Contact, RunView, WorkerView } from '../../runs/model';
import { rowContexts } from '../ids';
import { exitText } from '../../runs/exitText';
import { wasStopped } from '../../runs/wasStopped';
import { formatCompactRate, formatPercent, formatRate, formatTimeOfDay, joinParts } from '../../text/format';
import type { Row, RowIcon } from './row';
import type { WorkerSummary } from './runSummary';

/** `rank 3`, or the worker's id until its rank is known. */
export function workerTitle(worker: WorkerView): string {
  return worker.rank === undefined ? worker.id : `rank ${worker.rank}`;
}

/** The row of a worker below its run: what is wrong with it first, then where it is and what it does. */
export function workerRow(run: RunView, worker: WorkerView, summary: WorkerSummary | undefined): Row {
  const contact = run.contact[worker.host];
  const running = worker.state.kind === 'running';
  const slow = running && summary?.slow !== undefined ? summary.slow : undefined;
  const rate = running ? summary?.throughput : undefined;
  const step = summary?.step === undefined ? undefined : `step ${summary.step}`;
  const state = stateText(run, worker, contact);
  const behind = slow === undefined ? undefined : `${formatPercent(slow.behind)} slower`;
  const hole = worker.incompleteSince;
  return {
    label: workerTitle(worker),
    description: joinParts([
      hole === undefined ? undefined : 'log incomplete',
      state,
      behind,
      worker.host,
      rate === undefined ? undefined : `${formatCompactRate(rate)}/s`,
      step,
    ]),
    tooltip: [
      `${workerTitle(worker)} (${worker.id})`,
      state,
      worker.state.kind === 'exited' ? exitText(worker.state.code) : undefined,
      worker.state.kind === 'gone' ? 'There is no process of it and no exit record.' : undefined,
      behind === undefined ? undefined : `${behind} than the median`,
      joinParts([rate === undefined ? undefined : `${formatRate(rate)} samples/s`, step]),
      hole === undefined
        ? undefined
        : `The log is incomplete since byte ${hole.toLocaleString('en-US')}: is the disk full?`,
    ]
      .filter((line, index, lines) => line !== undefined && line !== '' && lines.indexOf(line) === index)
      .join('\n'),
    icon: workerIcon(run, worker, slow !== undefined),
    contextValue: rowContexts.worker,
  };
}

function stateText(run: RunView, worker: WorkerView, contact: Contact | undefined): string | undefined {
  if (contact?.kind === 'unreachable') return `unreachable since ${formatTimeOfDay(contact.since)}`;
  switch (worker.state.kind) {
    case 'waiting':
      return 'waiting to start';
    case 'running':
      return undefined;
    case 'exited':
      if (worker.state.code === 0) return 'finished';
      return wasStopped(run, worker.id) ? 'stopped' : exitText(worker.state.code);
    case 'gone':
      return 'gone';
  }
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
      return wasStopped(run, worker.id)
        ? { id: 'circle-slash' }
        : { id: 'error', color: 'testing.iconFailed' };
    case 'gone':
      return { id: 'question', color: 'list.warningForeground' };
  }
}
