import { packageVersions } from '../leaves/packageVersions';
import type { Run } from '../run';
import type { LaunchContext, LaunchInput } from './launchContext';

/** The versions of packages are not waited for any longer. */
const VERSIONS_MS = 20_000;

/** Writes down what the run is made of. Never throws: a run is worth more than its record. */
export async function recordRun(
  run: Run,
  { launch, cluster, facts, workspace }: LaunchInput,
  { ssh, registry, logger }: LaunchContext,
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(VERSIONS_MS)]);
  try {
    const packages = await packageVersions(ssh, launch, cluster, run.view.plan.hosts, facts, limit);
    registry.saveRecord(run.id, { ...(await workspace), packages });
  } catch (error) {
    logger.error(`the record of ${run.id} cannot be written`, error);
  }
}
