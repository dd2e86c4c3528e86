import { RankwiseError, throwIfAborted } from '../../base/errors';
import type { Plan } from '../../launch/plan';
import type { SshPool } from '../../ssh/connection';
import type { Run } from '../run';
import type { SecretValue } from '../secrets';
import { startSupervisors, writeRunDirectories } from '../startRun';
import { clearStart } from './clearStart';
import { lostText, portsSaid, takenPorts, type LostPort } from './lostPorts';

const START_TIMEOUT_MS = 30_000;

const TODO =
  'Stop what takes them, or name a port yourself: MASTER_PORT under `env:`, or by the launcher’s own option.';

export interface AgainContext {
  ssh: SshPool;
  /** Gathers facts anew and makes the plan once more. */
  replan: () => Promise<Plan>;
  secrets: (plan: Plan) => Promise<SecretValue[]>;
  signal: AbortSignal;
}

/** The ports that a run which failed has lost to others; none where it failed for another reason. */
export async function portsLost(run: Run, ssh: SshPool, signal: AbortSignal): Promise<LostPort[]> {
  const { plan } = run.view;
  const taken = await takenPorts(ssh, plan, signal);
  return taken.length > 0 ? taken : portsSaid(run.hosts.logs, plan);
}

/**
 * Starts a run of which nothing is left once more, with other ports; what it wrote before stays in its logs.
 * @returns false where somebody has asked for a stop meanwhile.
 * @throws RankwiseError of a host that does not answer; `run.notStarted`; Cancelled.
 */
export async function startAgain(
  run: Run,
  lost: readonly LostPort[],
  context: AgainContext,
): Promise<boolean> {
  const { ssh, signal } = context;
  const plan = await context.replan();
  throwIfAborted(signal);
  const earlier = await clearStart(ssh, run.view.plan, signal);
  if (earlier === undefined) return false;
  run.forgetStart(earlier);
  run.replan(plan);
  run.noteWarning(againText(lost, plan));
  await writeRunDirectories(ssh, plan, signal);
  await startSupervisors(ssh, plan, await context.secrets(plan), signal);
  run.attach();
  if (!(await run.started(START_TIMEOUT_MS, signal)))
    throw new RankwiseError('run.notStarted', 'not every process was seen starting again within 30 s');
  return true;
}

/** What is told of a port that was lost once. */
export function againText(lost: readonly LostPort[], plan: Plan): string {
  const now = plan.chosenPorts.map(({ port }) => port).join(', ');
  return `${lostText(lost)} before the job could listen there: it starts with ${now} instead`;
}

/** What is told where the port of the second plan was lost as well. */
export function lostAgainText(lost: readonly LostPort[]): string {
  return `${lostText(lost)}, as was the port chosen before it. ${TODO}`;
}

/** @returns the error of a launch whose second plan was refused for its ports as well. */
export function portsLostTwice(
  launch: string,
  first: readonly LostPort[],
  lost: readonly LostPort[],
): RankwiseError {
  const message = `launch "${launch}" cannot start: ${lostText(first)}, then ${lostText(lost)}`;
  const [one] = lost;
  return new RankwiseError('launch.portsLost', message, {
    ...(one === undefined ? {} : { host: one.host }),
    nextStep: TODO,
  });
}
