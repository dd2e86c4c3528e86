import type { Contact } from '../../runs/model';
import { rowContexts } from '../ids';
import { exitText } from '../../runs/exitText';
import { wasStopped } from '../../runs/wasStopped';
import { formatCompactRate, formatPercent, formatRate, formatTimeOfDay, joinParts } from '../../text/format';
import type { Row, RowIcon } from './row';
import type { WorkerSummary } from './runSummary';
import { contactHost, workerTitle, type ShownRun, type ShownWorker } from './shownRun';

/** The row of a worker below its run: what is wrong with it first, then where it is and what it does. */
export function workerRow(run: ShownRun, worker: ShownWorker, summary: WorkerSummary | undefined): Row {
  const contact = run.contact[contactHost(worker)];
  const running = worker.state.kind === 'running';
  const slow = running && summary?.slow !== undefined ? summary.slow : undefined;
  const rate = running ? summary?.throughput : undefined;
  const step = summary?.step === undefined ? undefined : `step ${summary.step}`;
  const state = stateText(run, worker, contact);
  const behind = slow === undefined ? undefined : `${formatPercent(slow.behind)} slower`;
  const hole = worker.incompleteSince;
  const quiet = running && summary?.quietByDesign === true;
  return {
    label: workerTitle(worker),
    description: joinParts([
      hole === undefined ? undefined : 'log incomplete',
      state,
      behind,
      attemptText(worker),
      worker.node ?? worker.host,
      rate === undefined ? undefined : `${formatCompactRate(rate)}/s`,
      step,
    ]),
    tooltip: [
      `${workerTitle(worker)} (${worker.id})`,
      worker.node === undefined ? undefined : `on ${worker.node}, followed through ${worker.host}`,
      originText(worker),
      state,
      attemptText(worker),
      quiet ? 'Prints no numbers: by design of the program, rank 0 does so for all.' : undefined,
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
    contextValue: worker.identity === undefined ? rowContexts.worker : rowContexts.taggedWorker,
  };
}

/** `attempt 2`, where the launcher has started the worker again. */
function attemptText({ attempt }: ShownWorker): string | undefined {
  return attempt > 1 ? `attempt ${attempt}` : undefined;
}

/** How a worker is known that has no log of its own. */
function originText({ identity }: ShownWorker): string | undefined {
  if (identity === undefined) return undefined;
  return identity.kind === 'lane'
    ? `Lines that repeat in ${identity.log}, which has no tags: whose they are cannot be known.`
    : `Known by the tags in ${identity.log}.`;
}

function stateText(run: ShownRun, worker: ShownWorker, contact: Contact | undefined): string | undefined {
  if (contact?.kind === 'unreachable') return `unreachable since ${formatTimeOfDay(contact.since)}`;
  switch (worker.state.kind) {
    case 'waiting':
      return run.state.kind === 'ended' ? 'not started' : 'waiting to start';
    case 'running':
      return undefined;
    case 'exited':
      if (worker.state.code === 0) return 'finished';
      return wasStopped(run, worker.id) ? 'stopped' : exitText(worker.state.code);
    case 'gone':
      return 'gone';
    case 'over':
      return 'over';
  }
}

function workerIcon(run: ShownRun, worker: ShownWorker, slow: boolean): RowIcon {
  if (run.contact[contactHost(worker)]?.kind === 'unreachable' || slow)
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
    case 'over':
      return { id: 'circle-large-outline' };
  }
}
