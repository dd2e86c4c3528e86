import type { Contact, RunState, RunView } from '../../runs/model';
import { rowContexts, type RowContext } from '../ids';
import { exitText, exitWithPlace } from '../../runs/exitText';
import { formatCompactRate, formatElapsed, formatRate, formatTimeOfDay, joinParts } from '../../text/format';
import type { Row, RowIcon } from './row';
import type { RunSummary } from './runSummary';
import { shownRun, workerTitle, type ShownRun } from './shownRun';

type Ended = Extract<RunState, { kind: 'ended' }>;

/** `resnet50-4x2 #14`, with the name that its person gave it. */
export function runTitle({ launch, number, name }: Pick<RunView, 'launch' | 'number' | 'name'>): string {
  return name === undefined ? `${launch} #${number}` : `${launch} #${number} ${name}`;
}

/** True while something may still happen: the run can be stopped and is followed. */
export function isActive(state: RunState): boolean {
  return state.kind !== 'ended' && state.kind !== 'gone';
}

/** True while a stop would do something: of an active run that is not being stopped already. */
export function canStop(state: RunState): boolean {
  return isActive(state) && state.kind !== 'stopping';
}

/**
 * What a stop waits for, with the time left where there is a limit: `SIGINT sent to the workers, 8 s left`.
 * @param now milliseconds since the epoch
 */
export function stopStep({ step, deadline }: Extract<RunState, { kind: 'stopping' }>, now: number): string {
  return deadline === undefined ? step : `${step}, ${Math.max(0, Math.ceil((deadline - now) / 1000))} s left`;
}

/**
 * The row of a run.
 * @param now milliseconds since the epoch
 */
export function runRow(view: RunView, summary: RunSummary | undefined, now: number): Row {
  const run = shownRun(view, summary?.identities ?? new Map());
  const description = joinParts(rowParts(run, summary, now));
  return {
    // Below its group only what differs is worth the room.
    label: run.group?.label ?? runTitle(run),
    description,
    tooltip: joinLines([
      `${runTitle(run)}: ${description}`,
      `${run.plan.launcher} on ${run.plan.cluster}, run ${run.id}`,
      ...(run.commit === undefined ? [] : [`commit ${run.commit}`]),
      rateText(summary?.throughput),
      ...notJoinedLines(run),
      ...(run.warnings ?? []),
      ...endLines(run.state),
      ...unreachable(run.contact).map(([host, contact]) => `${host}: ${contact.reason}`),
    ]),
    icon: runIcon(run),
    contextValue: runContext(run.state),
  };
}

function runContext(state: RunState): RowContext {
  if (state.kind === 'gone') return rowContexts.goneRun;
  if (state.kind === 'stopping') return rowContexts.stoppingRun;
  return isActive(state) ? rowContexts.activeRun : rowContexts.endedRun;
}

/** A narrow side bar cuts the end off: what matters most comes first. */
function rowParts(run: ShownRun, summary: RunSummary | undefined, now: number): (string | undefined)[] {
  const { state } = run;
  const elapsed = formatElapsed((run.endedAt ?? now) - run.startedAt);
  const accuracy = accuracyText(summary);
  const contact = contactText(run.contact);
  switch (state.kind) {
    case 'preparing':
      return [`preparing: ${state.step}`, contact];
    case 'queued':
      return [`queued: ${state.reason}`, contact];
    case 'running':
      return [
        `running ${elapsed}`,
        contact,
        notJoinedText(run),
        workersText(run),
        compactRateText(summary),
        accuracy,
      ];
    case 'stopping':
      return [`stopping: ${stopStep(state, now)}`, contact, workersText(run)];
    case 'ended':
      return [...endedParts(run, state, elapsed), state.proven ? undefined : 'not proven stopped', accuracy];
    case 'gone':
      return [`gone from ${state.hosts.join(', ')}`, accuracy];
  }
}

/** `2 not joined`: workers that should have started by now. */
function notJoinedText({ notJoined = [] }: ShownRun): string | undefined {
  return notJoined.length === 0 ? undefined : `${notJoined.length} not joined`;
}

function notJoinedLines({ notJoined = [] }: ShownRun): string[] {
  return notJoined.map(({ worker, reason }) => `${worker} has not joined: ${reason}`);
}

function endedParts(run: ShownRun, state: Ended, elapsed: string): (string | undefined)[] {
  switch (state.by) {
    case 'failedToStart':
      return [`failed to start: ${state.message ?? exitText(state.exit.code)}`];
    case 'stop':
      return [`stopped after ${elapsed}`];
    case 'itself':
    case 'workerExit':
      return state.exit.code === 0 ? [`finished in ${elapsed}`] : [failureText(run, state), elapsed];
  }
}

/** `exit 3 on rank 2 (node3)`. */
function failureText({ workers }: ShownRun, { exit }: Ended): string {
  const worker = workers.find(({ id }) => id === exit.process);
  if (worker === undefined || worker.rank === undefined) return exitWithPlace(exit);
  return `${exitText(exit.code)} on ${workerTitle(worker)} (${worker.host})`;
}

function endLines(state: RunState): (string | undefined)[] {
  if (state.kind === 'gone') return ['There is no process of it and no exit record.'];
  if (state.kind !== 'ended') return [];
  const proof = 'Not every host has shown that no process of this run is left.';
  return [state.message, state.proven ? undefined : proof];
}

/** `8/8`: the workers that run of those expected. */
function workersText(run: ShownRun): string | undefined {
  const running = run.workers.filter((worker) => worker.state.kind === 'running').length;
  const expected = Math.max(run.plan.np, run.workers.length);
  return expected === 0 ? undefined : `${running}/${expected}`;
}

function rateText(throughput: number | undefined): string | undefined {
  return throughput === undefined ? undefined : `${formatRate(throughput)} samples/s`;
}

function compactRateText(summary: RunSummary | undefined): string | undefined {
  return summary?.throughput === undefined ? undefined : `${formatCompactRate(summary.throughput)}/s`;
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

function runIcon(run: ShownRun): RowIcon {
  const { state } = run;
  switch (state.kind) {
    case 'preparing':
    case 'stopping':
      return { id: 'loading~spin' };
    case 'queued':
      return { id: 'clock' };
    case 'running':
      return unreachable(run.contact).length > 0 || notJoinedText(run) !== undefined
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
