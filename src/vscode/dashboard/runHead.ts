import type { RunHead, Status } from '../../protocol/dashboard';
import type { RunMetrics } from '../../metrics/runMetrics';
import { lastSeen } from './lastSeen';
import { exitWithPlace } from '../../runs/exitText';
import type { RunState } from '../../runs/model';
import { runTitle } from '../text/runText';
import type { ShownRun, ShownWorker } from '../text/shownRun';

const plain = { detail: '', nextStep: '', deadline: null };

type Ended = Extract<RunState, { kind: 'ended' }>;

/** The line at the top of the dashboard. @param trusted see {@link lastSeen} */
export function runHead(run: ShownRun, metrics: RunMetrics | undefined, trusted: boolean): RunHead {
  const lost = Object.entries(run.contact).flatMap(([host, contact]) =>
    contact.kind === 'unreachable' ? [{ host, since: contact.since, reason: contact.reason }] : [],
  );
  return {
    id: run.id,
    title: [runTitle(run), run.group?.label].filter((part) => part !== undefined).join(' · '),
    status: statusOf(run),
    startedAt: run.startedAt,
    endedAt: run.endedAt ?? null,
    contact: lost,
    lastSeen: lastSeen(run, trusted),
    running: run.workers.filter(({ state }) => state.kind === 'running').length,
    expected: Math.max(run.plan.np, run.workers.length),
    epoch: newestEpoch(run, metrics),
    canStop: trusted && ['preparing', 'queued', 'running'].includes(run.state.kind),
  };
}

function newestEpoch(run: ShownRun, metrics: RunMetrics | undefined): number | null {
  const epochs = run.workers
    .flatMap(({ id }) => Object.values(metrics?.metrics(id)?.latest ?? {}))
    .map(({ epoch }) => epoch)
    .filter((epoch) => epoch !== undefined);
  return epochs.length === 0 ? null : Math.max(...epochs);
}

/** The state in words: what it is, what is being waited for or why it ended, and what to do. */
export function statusOf({ state, workers }: Pick<ShownRun, 'state' | 'workers'>): Status {
  switch (state.kind) {
    case 'preparing':
      return { ...plain, kind: 'preparing', label: 'preparing', detail: state.step };
    case 'queued':
      return { ...plain, kind: 'queued', label: 'queued', detail: state.reason };
    case 'running':
      return { ...plain, kind: 'running', label: 'running' };
    case 'stopping': {
      const deadline = state.deadline ?? null;
      return { ...plain, kind: 'stopping', label: 'stopping', detail: capital(state.step), deadline };
    }
    case 'gone':
      return {
        ...plain,
        kind: 'gone',
        label: 'gone',
        detail: `No process and no exit record on ${state.hosts.join(', ')}: restarted, or everything was killed`,
        nextStep: 'Press Logs to read what was printed until then, and launch again.',
      };
    case 'ended':
      return { ...plain, ...endedStatus(state, workers) };
  }
}

function endedStatus(
  state: Ended,
  workers: readonly ShownWorker[],
): Omit<Status, 'deadline' | 'nextStep'> & { nextStep?: string } {
  const { exit, message = '' } = state;
  switch (state.by) {
    case 'failedToStart':
      return {
        kind: 'failed',
        label: 'failed to start',
        detail: message === '' ? `Ended by exit ${exit.code}` : message,
        nextStep: 'Press Plan to see each command, put right what is named here, and launch again.',
      };
    case 'stop':
      return {
        kind: 'stopped',
        label: 'stopped',
        detail: state.proven
          ? 'No process of it is left on any host'
          : `Not every host has shown that nothing is left${message === '' ? '' : `: ${message}`}`,
        nextStep: state.proven ? '' : 'Press Terminal to look on the host.',
      };
    case 'workerExit':
      return {
        kind: 'failed',
        label: 'failed',
        detail: `${causeOf(state, workers).replace(/\.+$/, '')}. The others were stopped`,
        nextStep: afterFailure(exit.code),
      };
    case 'itself':
      return exit.code === 0
        ? { kind: 'ended', label: 'finished', detail: message }
        : {
            kind: 'failed',
            label: 'failed',
            detail: causeOf(state, workers),
            nextStep: afterFailure(exit.code),
          };
  }
}

/** Whose exit ended the run, by its rank too, and its last words where they are known. */
function causeOf({ exit, message = '' }: Ended, workers: readonly ShownWorker[]): string {
  const place = exitWithPlace(exit);
  const rank = workers.find(({ id }) => id === exit.process)?.rank;
  const named = rank === undefined ? place : `${place} (rank ${rank})`;
  return `Ended by ${message.startsWith(place) ? named + message.slice(place.length) : named}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function afterFailure(code: number): string {
  const isMissing = code === 126 || code === 127;
  return isMissing
    ? 'Check command: and the setup: lines in rankwise.yaml; Terminal opens a shell on that host.'
    : 'Press Logs to read the last lines.';
}
