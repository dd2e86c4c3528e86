import { describeError, RankwiseError, throwIfAborted } from '../base/errors';
import type { Plan, PlanHost, StopStep } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import { scanHost, type ProcessRole, type Scan, type ScanSignal } from './scan';

/** A host that could not show that nothing of the run is left. */
export interface Unproven {
  host: string;
  reason: string;
}

/** What a stop is waiting for; `deadline` in milliseconds since the epoch. */
export type StopProgress = (step: string, deadline: number | undefined) => void;

const POLL_MS = 500;
/** A link that has gone silent keeps its connection open for long; a stop does not wait for that. */
const ANSWER_MS = 15_000;
/** mpirun and our recorders end by themselves after the ranks; this long they may take. */
const FOLLOWERS_GRACE_MS = 5000;

/**
 * Stops a run on all hosts in parallel: signals the ranks themselves, harder at each deadline; mpirun and our own
 * recorders last, so that every end is written down. Then proof: two consecutive scans without a process.
 * @returns hosts without proof and why; empty when nothing is left anywhere.
 * @throws Cancelled when the signal fires (what has been signalled stays signalled).
 */
export async function stopRun(
  ssh: SshPool,
  plan: Plan,
  progress: StopProgress,
  signal?: AbortSignal,
): Promise<Unproven[]> {
  const stops = plan.hosts.map((host) => new HostStop(ssh, plan.run, host, signal));
  for (const step of plan.stop) {
    const deadline = Date.now() + step.graceSeconds * 1000;
    progress(`SIG${step.signal} sent to the workers`, deadline);
    await together(answering(stops), (stop) => stop.signalWorkers(step, deadline));
    if (stops.every((stop) => stop.count('worker') === 0)) break;
  }
  progress('waiting for launcher and recorders to end', Date.now() + FOLLOWERS_GRACE_MS);
  await together(answering(stops), (stop) => stop.endTheRest());
  progress('proving that nothing is left', undefined);
  await together(stops, (stop) => stop.prove());
  throwIfAborted(signal);
  return stops.flatMap((stop) => stop.unproven());
}

/** A host that failed once is asked again only for the proof: its connection attempts take long. */
function answering(stops: readonly HostStop[]): HostStop[] {
  return stops.filter((stop) => !stop.hasFailed);
}

async function together(stops: readonly HostStop[], task: (stop: HostStop) => Promise<void>): Promise<void> {
  await Promise.all(stops.map((stop) => stop.attempt(() => task(stop))));
}

/** Stopping on one host; a failure is kept as the reason why there is no proof. */
class HostStop {
  private last: Scan | undefined;
  private failure: string | undefined;
  private proven = false;

  constructor(
    private readonly ssh: SshPool,
    private readonly run: string,
    private readonly host: PlanHost,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async attempt(task: () => Promise<void>): Promise<void> {
    throwIfAborted(this.signal);
    try {
      await task();
      this.failure = undefined;
    } catch (error) {
      throwIfAborted(this.signal);
      this.failure = describeError(error);
    }
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  count(role: ProcessRole): number {
    return this.last?.processes.filter((process) => process.role === role).length ?? 0;
  }

  async signalWorkers(step: StopStep, deadline: number): Promise<void> {
    if (this.last !== undefined && this.count('worker') === 0) return;
    await this.scan({ signal: step.signal, roles: ['worker'] });
    while (this.count('worker') > 0 && Date.now() < deadline) await this.pauseAndScan();
  }

  /** Launchers are asked, then everything is killed that is still there. */
  async endTheRest(): Promise<void> {
    await this.scan(undefined);
    await this.waitUntilEmpty(FOLLOWERS_GRACE_MS / 2);
    if (this.isEmpty()) return;
    await this.scan({ signal: 'TERM', roles: ['launcher'] });
    await this.waitUntilEmpty(FOLLOWERS_GRACE_MS / 2);
    if (this.isEmpty()) return;
    await this.scan({ signal: 'KILL', roles: ['worker', 'launcher'] });
    await this.waitUntilEmpty(FOLLOWERS_GRACE_MS / 2);
    if (!this.isEmpty()) await this.scan({ signal: 'KILL', roles: ['worker', 'launcher', 'supervisor'] });
  }

  async prove(): Promise<void> {
    await this.scan(undefined);
    await this.waitUntilEmpty(FOLLOWERS_GRACE_MS);
    if (!this.isEmpty()) return;
    await this.pauseAndScan();
    this.proven = this.isEmpty() && this.last?.unreadable.length === 0;
  }

  unproven(): Unproven[] {
    if (this.proven) return [];
    const left = this.last?.processes.map(({ pid, name }) => `${name} (${pid})`) ?? [];
    const hidden = this.last?.unreadable.map(({ pid, name }) => `${name} (${pid})`) ?? [];
    const reason =
      this.failure ??
      (left.length > 0
        ? `still running: ${left.join(', ')}`
        : `cannot tell whose these are: ${hidden.join(', ')}`);
    return [{ host: this.host.name, reason }];
  }

  private isEmpty(): boolean {
    return this.last?.processes.length === 0;
  }

  private async waitUntilEmpty(ms: number): Promise<void> {
    for (const deadline = Date.now() + ms; !this.isEmpty() && Date.now() < deadline;)
      await this.pauseAndScan();
  }

  private async pauseAndScan(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    throwIfAborted(this.signal);
    await this.scan(undefined);
  }

  private async scan(send: ScanSignal | undefined): Promise<void> {
    const limit = AbortSignal.timeout(ANSWER_MS);
    const signal = this.signal === undefined ? limit : AbortSignal.any([this.signal, limit]);
    try {
      const connection = await this.ssh.connect(this.host.target, signal);
      this.last = await scanHost(connection, this.run, this.host.name, send, signal);
    } catch (error) {
      throwIfAborted(this.signal);
      if (!limit.aborted) throw error;
      throw new RankwiseError(
        'run.noAnswer',
        `${this.host.name} did not answer within ${ANSWER_MS / 1000} s`,
        {
          host: this.host.name,
          cause: error,
        },
      );
    }
  }
}
