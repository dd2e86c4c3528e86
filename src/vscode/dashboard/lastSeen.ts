import type { LastSeen } from '../../protocol/dashboard';
import type { ShownRun } from '../text/shownRun';

/**
 * Whether what is known of a run is old: null while one of its hosts is in contact, while it is only being started
 * or stopped by us, and once it is over.
 * @param trusted whether the workspace is: else no host is asked
 */
export function lastSeen({ state, contact, plan }: ShownRun, trusted: boolean): LastSeen | null {
  if (state.kind === 'ended' || state.kind === 'gone') return null;
  if (!trusted) {
    const notice =
      'This workspace is not trusted: no host is asked, and this is what was last known. Trust the workspace to follow the run.';
    return { at: null, notice };
  }
  const contacts = Object.values(contact);
  const isLive =
    contacts.some(({ kind }) => kind === 'connected') || contacts.every(({ kind }) => kind === 'done');
  if (isLive || state.kind !== 'running') return null;
  const lost = contacts.filter((one) => one.kind === 'unreachable');
  if (lost.length > 0) return { at: Math.max(...lost.map(({ since }) => since)), notice: '' };
  const hosts = plan.hosts.length === 1 ? 'its host' : `its ${plan.hosts.length} hosts`;
  return { at: null, notice: `Connecting to ${hosts}; until then, this is what was last known.` };
}
