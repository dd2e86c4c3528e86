import { describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { RunView } from '../model';

/** How long ended runs are kept: as long as both hold. */
export interface KeepRuns {
  /** Days since their end. */
  days: number;
  /** The newest ended runs. */
  count: number;
}

export const defaultKeepRuns: KeepRuns = { days: 30, count: 200 };

const DAY_MS = 86_400_000;

/** The runs that are not kept any longer: only ended ones, the oldest first. @param runs in any order */
export function oldRuns(runs: readonly RunView[], { days, count }: KeepRuns, now: number): RunView[] {
  const ended = runs
    .filter(({ state }) => state.kind === 'ended' || state.kind === 'gone')
    .sort((a, b) => endOf(b) - endOf(a));
  return ended.filter((run, index) => index >= count || now - endOf(run) > days * DAY_MS).reverse();
}

function endOf({ endedAt, startedAt }: RunView): number {
  return endedAt ?? startedAt;
}

/**
 * Removes old runs, on their hosts and here, and says so in the log. One whose host cannot be reached stays whole; the host is
 * not tried again for the others.
 */
export async function cleanRuns(
  runs: { readonly all: readonly RunView[]; remove(id: string): Promise<void> },
  keep: KeepRuns,
  logger: Logger,
  isWanted: () => boolean,
): Promise<void> {
  const silent = new Set<string>();
  let removed = 0;
  for (const { id, plan } of oldRuns(runs.all, keep, Date.now())) {
    if (!isWanted()) return;
    const keys = plan.hosts.map(({ target }) => JSON.stringify(target));
    if (keys.some((key) => silent.has(key))) continue;
    try {
      await runs.remove(id);
      removed++;
      logger.info(`removed the old run ${id}`);
    } catch (error) {
      for (const key of keys) silent.add(key);
      logger.info(`the old run ${id} is kept: ${describeError(error)}`);
    }
  }
  if (removed > 0)
    logger.info(`${removed} runs older than ${keep.days} days or beyond ${keep.count} were removed`);
}
