import type { GroupView, TrialView } from '../../runs/trials/groupView';
import { formatElapsed, joinParts } from '../../text/format';
import { rowContexts } from '../ids';
import type { Row, RowIcon } from './row';

/** `unet · test`, or the name of the launch alone. */
export function groupTitle({ launch, name }: GroupView): string {
  return joinParts([launch, name]);
}

/** `queued 3 · running 2 · done 4 · failed 1`; states without a trial are left out. */
export function countsText({ counts }: GroupView): string {
  const { queued, running, done, failed, skipped, stopped } = counts;
  return joinParts(
    Object.entries({ failed, running, queued, done, stopped, skipped }).map(([state, number]) =>
      number === 0 ? undefined : `${state} ${number}`,
    ),
  );
}

/** The row of a group of trials. @param now milliseconds since the epoch */
export function groupRow(group: GroupView, now: number): Row {
  const { trials, queuedAt, endedAt, isOver, cluster, counts } = group;
  const elapsed = formatElapsed((endedAt ?? now) - queuedAt);
  const reasons = trials.flatMap(({ label, message, state }) =>
    message === undefined || state === 'done' ? [] : [`${label}: ${message}`],
  );
  return {
    label: groupTitle(group),
    description: joinParts([countsText(group), elapsed]),
    tooltip: [
      `${groupTitle(group)}: ${trials.length} trials on ${cluster}`,
      countsText(group),
      ...reasons,
    ].join('\n'),
    icon: groupIcon(isOver, counts),
    contextValue: isOver ? rowContexts.endedGroup : rowContexts.activeGroup,
  };
}

function groupIcon(isOver: boolean, { failed, stopped, skipped }: GroupView['counts']): RowIcon {
  if (!isOver) return { id: 'layers-active', color: 'charts.green' };
  if (failed > 0) return { id: 'error', color: 'testing.iconFailed' };
  if (stopped + skipped > 0) return { id: 'circle-slash' };
  return { id: 'pass-filled', color: 'testing.iconPassed' };
}

const trialIcons: Readonly<Record<TrialView['state'], RowIcon>> = {
  queued: { id: 'clock' },
  starting: { id: 'loading~spin' },
  running: { id: 'record', color: 'charts.green' },
  done: { id: 'pass', color: 'testing.iconPassed' },
  failed: { id: 'error', color: 'testing.iconFailed' },
  skipped: { id: 'debug-step-over' },
  stopped: { id: 'circle-slash' },
};

/** The row of a trial that has no run: it waits, could not start, or its run was removed. */
export function trialRow({ label, state, message, attempts }: TrialView): Row {
  const description = joinParts([state, message, attempts > 1 ? `attempt ${attempts}` : undefined]);
  return {
    label,
    description,
    tooltip: `${label}: ${description}`,
    icon: trialIcons[state],
  };
}
