import type { RunView } from '../model';
import { exitWithPlace } from '../exitText';
import type { StoredTrial } from './group';

type End = Pick<StoredTrial, 'state' | 'endedAt' | 'startedAt' | 'message'>;

/** How a trial ended, from its run; undefined while that is not over. */
export function trialEnd({ state, times, endedAt = Date.now() }: RunView): End | undefined {
  const known = { endedAt, startedAt: times?.startedAt };
  if (state.kind === 'gone')
    return { ...known, state: 'failed', message: `no exit record on ${state.hosts.join(', ')}` };
  if (state.kind !== 'ended') return undefined;
  if (state.by === 'stop') return { ...known, state: 'stopped', message: state.message };
  if (state.exit.code === 0) return { ...known, state: 'done', message: state.message };
  return { ...known, state: 'failed', message: state.message ?? exitWithPlace(state.exit) };
}
