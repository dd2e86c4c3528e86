import { exitWithPlace } from '../../runs/exitText';
import type { RunView } from '../../runs/model';
import { formatElapsed, joinParts } from '../../text/format';
import type { RunSummary } from './runSummary';
import { accuracyText, isActive, runTitle } from './runText';

/** What a person is told when a run is over, and how much it matters. */
export interface RunEnd {
  severity: 'information' | 'warning' | 'error';
  text: string;
}

/**
 * What to tell about a run that is over. Undefined while it goes on and where the person who acted is told otherwise:
 * a run that was stopped, and one that did not start.
 */
export function runEnd(run: RunView, summary: RunSummary | undefined): RunEnd | undefined {
  const { state } = run;
  if (isActive(state)) return undefined;
  const title = runTitle(run);
  if (state.kind === 'gone') {
    const text = `${title} is gone from ${state.hosts.join(', ')}: no process and no exit record.`;
    return { severity: 'error', text };
  }
  if (state.kind !== 'ended' || state.by === 'stop' || state.by === 'failedToStart') return undefined;
  const message = state.message ?? '';
  if (state.exit.code !== 0) {
    const others = state.by === 'workerExit' ? ' · the others were stopped' : '';
    const reason = message === '' ? exitWithPlace(state.exit) : message;
    return { severity: 'error', text: `${title} failed: ${reason}${others}` };
  }
  const elapsed = formatElapsed((run.endedAt ?? run.startedAt) - run.startedAt);
  const text = joinParts([`${title} finished in ${elapsed}`, accuracyText(summary), message]);
  return { severity: state.proven ? 'information' : 'warning', text };
}
