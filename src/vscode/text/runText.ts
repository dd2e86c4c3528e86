import type { Contact, RunState, RunView } from '../../runs/model';
import { rowContexts, type RowContext } from '../ids';
import { exitText } from '../../runs/exitText';
import { formatElapsed, formatRate, formatTimeOfDay, joinParts } from './format';
import type { Row, RowIcon } from './row';
import type { RunSummary } from './runSummary';

/** `resnet50-4x2 #14`. */
export function runTitle(run: RunView): string {
  return `${run.launch} #${run.number}`;
}

/** True while something may still happen: the run can be stopped and is followed. */
export function isActive(state: RunState): boolean {
  return state.kind !== 'ended' && state.kind !== 'gone';
}

/**
 * The row of a run.
 * @param now milliseconds since the epoch
 */
export function runRow(run: RunView, summary: RunSummary | undefined, now: number): Row {
  const description = joinParts([...stateParts(run, summary, now), contactText(run.contact)]);
  return {
    label: runTitle(run),
    description,
    tooltip: joinLines([
      `${runTitle(run)}: ${description}`,
      `${run.plan.launcher} on ${run.plan.cluster}, run ${run.id}`,
      ...unreachable(run.contact).map(([host, contact]) => `${host}: ${contact.reason}`),
      run.state.kind === 'ended' && !run.state.proven
        ? 'Not every host has shown that no process of this run is left.'
        : undefined,
    ]),
    icon: runIcon(run),
    contextValue: runContext(run.state),
  };
}

function runContext(state: RunState): RowContext {
  if (state.kind === 'gone') return rowContexts.goneRun;
  return isActive(state) ? rowContexts.activeRun : rowContexts.endedRun;
}

function stateParts(run: RunView, summary: RunSummary | undefined, now: number): (string | undefined)[] {
  const { state } = run;
  const elapsed = formatElapsed((run.endedAt ?? now) - run.startedAt);
  const accuracy = accuracyText(summary);
  switch (state.kind) {
    case 'preparing':
      return [`preparing: ${state.step}`];
    case 'queued':
      return [`queued: ${state.reason}`];
    case 'running':
      return [`running ${elapsed}`, workersText(run), rateText(summary?.throughput), accuracy];
    case 'stopping':
      return [`stopping: ${state.step}${deadlineText(state.deadline, now)}`, workersText(run)];
    case 'ended':
      return [...endedParts(state, elapsed), accuracy, state.proven ? undefined : 'not proven stopped'];
    case 'gone':
      return [`gone from ${state.hosts.join(', ')}: no exit record and no process`, accuracy];
  }
}

function endedParts(state: Extract<RunState, { kind: 'ended' }>, elapsed: string): (string | undefined)[] {
  switch (state.by) {
    case 'failedToStart':
      return [`failed to start: ${state.message ?? exitText(state.exit.code)}`];
    case 'stop':
      return [elapsed, 'stopped'];
    case 'itself':
    case 'workerExit':
      return state.exit.code === 0 ? [elapsed] : [failureText(state), elapsed];
  }
}

function failureText(state: Extract<RunState, { kind: 'ended' }>): string {
  const { code, process } = state.exit;
  const where = process === undefined ? '' : ` on ${process.split('/')[0] ?? process}`;
  return `${exitText(code)}${where}`;
}

function deadlineText(deadline: number | undefined, now: number): string {
  return deadline === undefined ? '' : `, ${Math.max(0, Math.ceil((deadline - now) / 1000))} s left`;
}

/** `8/8`: the workers that run of those expected. */
function workersText(run: RunView): string {
  const running = run.workers.filter((worker) => worker.state.kind === 'running').length;
  return `${running}/${run.workers.length}`;
}

function rateText(throughput: number | undefined): string | undefined {
  return throughput === undefined ? undefined : `${formatRate(throughput)} samples/s`;
}

/** `acc 0.74`: the mean over the workers. */
export function accuracyText(summary: RunSummary | undefined): string | undefined {
  return summary?.accuracy === undefined ? undefined : `acc ${summary.accuracy.toFixed(2)}`;
}

type Unreachable = Extract<Contact, { kind: 'unreachable' }>;

function unreachable(contact: RunView['contact']): [string, Unreachable][] {
  return Object.entries(contact).flatMap(([host, state]): [string, Unreachable][] =>
    state.kind === 'unreachable' ? [[host, state]] : [],
  );
}

/** `node3 unreachable since 12:09`, or how many where there are more. */
export function contactText(contact: RunView['contact']): string | undefined {
  const lost = unreachable(contact);
  const first = lost[0];
  if (first === undefined) return undefined;
  const since = formatTimeOfDay(Math.min(...lost.map(([, state]) => state.since)));
  return lost.length === 1
    ? `${first[0]} unreachable since ${since}`
    : `${lost.length} hosts unreachable since ${since}`;
}

function runIcon(run: RunView): RowIcon {
  const { state } = run;
  switch (state.kind) {
    case 'preparing':
    case 'stopping':
      return { id: 'loading~spin' };
    case 'queued':
      return { id: 'clock' };
    case 'running':
      return unreachable(run.contact).length > 0
        ? { id: 'warning', color: 'list.warningForeground' }
        : { id: 'record', color: 'charts.green' };
    case 'ended':
      if (!state.proven && state.by !== 'failedToStart')
        return { id: 'warning', color: 'list.warningForeground' };
      if (state.by === 'stop') return { id: 'circle-slash' };
      return state.exit.code === 0 && state.by !== 'failedToStart'
        ? { id: 'pass', color: 'testing.iconPassed' }
        : { id: 'error', color: 'testing.iconFailed' };
    case 'gone':
      return { id: 'question', color: 'list.warningForeground' };
  }
}

function joinLines(lines: readonly (string | undefined)[]): string {
  return lines.filter((line) => line !== undefined).join('\n');
}
