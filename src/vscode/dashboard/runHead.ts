import type { RunHead, Status } from '../../protocol/dashboard';
import type { RunMetrics } from '../../metrics/runMetrics';
import { exitWithPlace } from '../../runs/exitText';
import type { RunState, RunView } from '../../runs/model';

const plain = { detail: '', nextStep: '' };

/** The line at the top of the dashboard. */
export function runHead(run: RunView, metrics: RunMetrics | undefined): RunHead {
  const lost = Object.entries(run.contact).flatMap(([host, contact]) =>
    contact.kind === 'unreachable' ? [{ host, since: contact.since, reason: contact.reason }] : [],
  );
  return {
    id: run.id,
    title: `${run.launch} #${run.number}`,
    status: statusOf(run.state),
    startedAt: run.startedAt,
    endedAt: run.endedAt ?? null,
    contact: lost,
    running: run.workers.filter(({ state }) => state.kind === 'running').length,
    expected: run.plan.np,
    epoch: newestEpoch(run, metrics),
    canStop: ['preparing', 'queued', 'running'].includes(run.state.kind),
  };
}

function newestEpoch(run: RunView, metrics: RunMetrics | undefined): number | null {
  const epochs = run.workers
    .flatMap(({ id }) => Object.values(metrics?.metrics(id)?.latest ?? {}))
    .map(({ epoch }) => epoch)
    .filter((epoch) => epoch !== undefined);
  return epochs.length === 0 ? null : Math.max(...epochs);
}

/** The state in words: what it is, what is being waited for or why it ended, and what to do. */
export function statusOf(state: RunState): Status {
  switch (state.kind) {
    case 'preparing':
      return { ...plain, kind: 'preparing', label: 'preparing', detail: state.step };
    case 'queued':
      return { ...plain, kind: 'queued', label: 'queued', detail: state.reason };
    case 'running':
      return { ...plain, kind: 'running', label: 'running' };
    case 'stopping':
      return { ...plain, kind: 'stopping', label: 'stopping', detail: state.step };
    case 'gone':
      return {
        kind: 'gone',
        label: 'gone',
        detail: `no process and no exit record on ${state.hosts.join(', ')}: restarted, or everything was killed`,
        nextStep: 'Press Logs to read what was printed until then, and launch again.',
      };
    case 'ended':
      return endedStatus(state);
  }
}

function endedStatus(state: Extract<RunState, { kind: 'ended' }>): Status {
  const { exit, message = '' } = state;
  const said = message === '' ? '' : `: ${message}`;
  switch (state.by) {
    case 'failedToStart':
      return {
        kind: 'failed',
        label: 'failed to start',
        detail: message === '' ? `exit ${exit.code}` : message,
        nextStep: 'Press Plan to see each command, put right what is named here, and launch again.',
      };
    case 'stop':
      return {
        kind: 'stopped',
        label: 'stopped',
        detail: state.proven
          ? 'no process of it is left on any host'
          : `not every host has shown that nothing is left${said}`,
        nextStep: state.proven ? '' : 'Press Terminal to look on the host.',
      };
    case 'workerExit':
      return {
        kind: 'failed',
        label: 'failed',
        detail: `${message === '' ? exitWithPlace(exit) : message}; the others were stopped`,
        nextStep: afterFailure(exit.code),
      };
    case 'itself':
      return exit.code === 0
        ? { ...plain, kind: 'ended', label: 'finished', detail: message }
        : {
            kind: 'failed',
            label: 'failed',
            detail: message === '' ? exitWithPlace(exit) : message,
            nextStep: afterFailure(exit.code),
          };
  }
}

function afterFailure(code: number): string {
  const isMissing = code === 126 || code === 127;
  return isMissing
    ? 'Check command: and the setup: lines in rankwise.yaml; Terminal opens a shell on that host.'
    : 'Press Logs to read the last lines.';
}
