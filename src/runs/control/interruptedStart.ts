import { settleStart } from '../settleStart';
import { proveEmpty, stopRun } from '../stopRun';
import type { RunContext } from './runContext';

/** Between the start of a process and its record. */
const START_SHOWS_MS = 3000;

/** Whoever launched it has ended: either it was started everywhere, or it never will be. */
export async function settleBroken({ run, ssh }: RunContext): Promise<void> {
  const { plan } = run.stored;
  const { started, taken } = await settleStart(ssh, plan);
  if (taken.length === 0) {
    run.noteLaunched();
    return;
  }
  const look = started.length === 0 ? proveEmpty(ssh, plan) : stopRun(ssh, plan, 'itself', () => undefined);
  const unproven = await look;
  run.owed.note(unproven);
  if (unproven.length === 0 && !run.isOver)
    run.endUnstarted('whoever launched it ended before everything had been started');
}

/**
 * A host has no directory of the run, or no start: only when none can come any more, and nothing of it runs there
 * either, that part is over. A start that was just made shows within a moment.
 */
export async function lookAtMissing({ run, ssh }: RunContext, name: string): Promise<void> {
  const { plan } = run.stored;
  const part = { ...plan, hosts: plan.hosts.filter((host) => host.name === name) };
  const host = run.hosts.get(name);
  if (host?.isStarted === false) {
    const { started } = await settleStart(ssh, part);
    if (started.length > 0) await new Promise((resolve) => setTimeout(resolve, START_SHOWS_MS));
  }
  const unproven = await proveEmpty(ssh, part);
  if (unproven.length === 0) host?.giveUp();
  else run.owed.lookLater();
}
