import type { Facts } from '../../launch/facts';
import { lostText, refusedFor, type LostPort } from '../again/lostPorts';
import { portsLostTwice } from '../again/startAgain';
import type { Run } from '../run';
import { prepareHosts, type PrepareContext, type Prepared } from '../sync/prepareHosts';
import type { LaunchContext, LaunchInput } from './launchContext';

/**
 * Prepares the hosts; where a chosen port was lost meanwhile, once more with another plan.
 * @throws as {@link prepareHosts}; RankwiseError `launch.portsLost`.
 */
export async function prepareRun(
  run: Run,
  what: LaunchInput,
  { ssh, registry, knownRun }: LaunchContext,
  how: Pick<PrepareContext, 'step' | 'onSetup' | 'signal'>,
): Promise<{ ready: Prepared; lost: LostPort[] }> {
  const attempt = (facts: Facts): Promise<Prepared> =>
    prepareHosts({
      ...what,
      ...how,
      facts,
      ssh,
      plan: run.view.plan,
      knownRun,
      setupLog: (host) => registry.setupLog(run.id, host),
    });
  try {
    return { ready: await attempt(what.facts), lost: [] };
  } catch (error) {
    const lost = refusedFor(error, run.view.plan);
    if (lost.length === 0) throw error;
    how.step(`Choosing another port: ${lostText(lost)}`);
    const { facts, plan } = await what.replan(how.signal);
    run.replan(plan);
    const ready = await attempt(facts).catch((again: unknown) => {
      const lostToo = refusedFor(again, plan);
      throw lostToo.length === 0 ? again : portsLostTwice(what.launch.name, lost, lostToo);
    });
    return { ready, lost };
  }
}
