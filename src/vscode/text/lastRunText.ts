import { exitWithPlace } from '../../runs/exitText';
import type { RunView } from '../../runs/model';
import { formatAgo, joinParts } from '../../text/format';
import type { RunSummary } from './runSummary';
import { accuracyText, isActive, runTitle } from './runText';

/**
 * What became of a launch when it ran last: `last run 12 min ago: acc 0.74`; of one that runs, no number that ages.
 * @param now milliseconds since the epoch
 */
export function lastRunText(run: RunView, summary: RunSummary | undefined, now: number): string {
  const { state, endedAt } = run;
  if (isActive(state)) return `${runTitle(run)}: ${state.kind}`;
  const when = `last run ${formatAgo(now - (endedAt ?? run.startedAt))}`;
  const what = joinParts([endText(state), accuracyText(summary)]);
  return what === '' ? when : `${when}: ${what}`;
}

/** Nothing for one that ended well: its numbers say it. */
function endText(state: RunView['state']): string | undefined {
  if (state.kind !== 'ended') return 'gone without an exit record';
  if (state.by === 'stop') return 'stopped';
  if (state.by === 'failedToStart') return 'failed to start';
  return state.exit.code === 0 ? undefined : exitWithPlace(state.exit);
}
