import { deriveOutcome, type Outcome } from '../deriveState';
import { explainRun } from '../explain/explainRun';
import type { RunExit } from '../model';
import { endedState, type Ended } from '../runEnd';
import type { Unproven } from '../stopRun';
import { waitUntil } from '../waitUntil';
import type { RunContext } from './runContext';

/** Exit records follow the end of a process within a fraction of a second; one that never began has none. */
export const LAST_RECORDS_MS = 5000;

/** The final state, explained; what was the cause before a stop is the run's exit. */
export async function explainedEnd(
  { run, ssh, logger }: RunContext,
  lastExit: RunExit,
  by: 'itself' | 'stop',
  unproven: readonly Unproven[],
): Promise<Ended> {
  const exit = run.stored.cause ?? lastExit;
  const wasStopped = run.stopAsked === 'stop';
  const why = await explainRun(exit, run.stored, run.hosts.all, wasStopped, ssh, logger);
  return endedState(exit, run.stopAsked ?? by, unproven, why, run.lostPort);
}

/** Nothing is left on any host: waits for the last bytes and records, then the run is over. */
export async function endProven(context: RunContext): Promise<void> {
  const { run } = context;
  const outcomeNow = (): Outcome => deriveOutcome(run.stored.plan, run.hosts.records);
  const isComplete = (): boolean => outcomeNow().kind !== 'running' && run.hosts.areSettled;
  if (!(await waitUntil(isComplete, LAST_RECORDS_MS))) await run.hosts.readAgain();
  // Proven empty: what has no exit record by now was killed together with its recorder, or never began.
  run.hosts.giveUp();
  const outcome = outcomeNow();
  if (outcome.kind === 'ended') {
    run.end(await explainedEnd(context, outcome.exit, 'stop', []), outcome.endedAt);
  } else if (run.stopAsked === 'workerExit' && run.stored.cause === undefined) {
    run.endGone(outcome.kind === 'gone' ? outcome.hosts : run.hosts.names);
  } else {
    run.end(await explainedEnd(context, { code: 137, process: undefined }, 'stop', []), Date.now());
  }
}
