import { describeError, RankwiseError, throwIfAborted } from '../base/errors';
import type { Plan, PlanHost, StopStep } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import { scanHost, type ProcessRole, type Scan, type ScanSignal } from './scan';

/** A host that could not show that nothing of the run is left. */
export interface Unproven {
  host: string;
  reason: string;
  /** It did not answer; asking again later may help. */
  unreachable: boolean;
}

/** What a stop is waiting for; `deadline` in milliseconds since the epoch. */
export type StopProgress = (step: string, deadline: number | undefined) => void;

/** Looks come quickly at first, for what obeys at once, and then ever more slowly up to this. */
const FIRST_PAUSE_MS = 150;
const LAST_PAUSE_MS = 500;
/** Between the two looks of a proof: time enough for what was just being started to show up. */
const PROOF_PAUSE_MS = 200;
/** So often a process that cannot be read is looked at again before it stands in the way of the proof. */
const UNREADABLE_LOOKS = 4;
/** A link that has gone silent keeps its connection open for long; a stop does not wait for that. */
const ANSWER_MS = 15_000;
/** mpirun and our recorders end by themselves after the ranks; this long they may take. */
const FOLLOWERS_GRACE_MS = 5000;
/** A Ray node takes a few seconds to take its processes down. */
const SERVICES_GRACE_MS = 15_000;

/**
 * Stops a run. Each host goes through the steps at its own pace: its ranks are signalled, harder at each deadline.
 * mpirun and our own recorders come last, once the ranks of all hosts that answer are gone, so that every end is
 * written down. Then proof: two consecutive looks without a process.
 * @param by noted on each host, so that other windows know why the workers end.
 * @returns hosts without proof and why; empty when nothing is left anywhere.
 * @throws Cancelled when the signal fires (what has been signalled stays signalled).
 */
export async function stopRun(
  ssh: SshPool,
  plan: Plan,
  by: ScanSignal['by'],
  progress: StopProgress,
  signal?: AbortSignal,
): Promise<Unproven[]> {
  const stops = plan.hosts.map((host) => new HostStop(ssh, plan.run, host, by, signal));
  const first: readonly ProcessRole[] = plan.signalled === 'all' ? ['worker', 'launcher'] : ['worker'];
  const announced = new Set<StopStep>();
  const announce = (step: StopStep, deadline: number): void => {
    if (announced.has(step)) return;
    announced.add(step);
    progress(`SIG${step.signal} sent to the workers`, deadline);
  };
  await together(stops, (stop) => stop.endWorkers(plan.stop, first, announce));
  progress('waiting for launcher and recorders to end', Date.now() + FOLLOWERS_GRACE_MS);
  await together(stops, (stop) => stop.endTheRest());
  return prove(stops, progress, signal);
}

/** Looks at every host without signalling anything. @returns as {@link stopRun}. */
export async function proveEmpty(ssh: SshPool, plan: Plan): Promise<Unproven[]> {
  const stops = plan.hosts.map((host) => new HostStop(ssh, plan.run, host, 'stop', undefined));
  return prove(stops, () => undefined, undefined);
}

async function prove(
  stops: readonly HostStop[],
  progress: StopProgress,
  signal: AbortSignal | undefined,
): Promise<Unproven[]> {
  progress('proving that nothing is left', undefined);
  await together(stops, (stop) => stop.prove());
  throwIfAborted(signal);
  return stops.flatMap((stop) => stop.unproven());
}

/** A host that failed once is not asked again: its attempts take long, and its failure is the reason to tell. */
async function together(stops: readonly HostStop[], task: (stop: HostStop) => Promise<void>): Promise<void> {
  await Promise.all(stops.filter((stop) => !stop.hasFailed).map((stop) => stop.attempt(() => task(stop))));
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
    private readonly by: ScanSignal['by'],
    private readonly signal: AbortSignal | undefined,
  ) {}

  async attempt(task: () => Promise<void>): Promise<void> {
    throwIfAborted(this.signal);
    try {
      await task();
    } catch (error) {
      throwIfAborted(this.signal);
      this.failure = describeError(error);
    }
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** The first signal is sent whatever is there: with it the host takes a start away that is still under way. */
  async endWorkers(
    steps: readonly StopStep[],
    roles: readonly ProcessRole[],
    announce: (step: StopStep, deadline: number) => void,
  ): Promise<void> {
    for (const step of steps) {
      const deadline = Date.now() + step.graceSeconds * 1000;
      announce(step, deadline);
      await this.send(step.signal, roles);
      await this.lookUntil(() => this.count(roles) === 0, deadline);
      if (this.count(roles) === 0) return;
    }
  }

  /**
   * Launchers end by themselves after their workers, services do not: they are asked. Then everything is killed that is
   * still there.
   */
  async endTheRest(): Promise<void> {
    if (this.count(['service']) > 0) {
      await this.send('TERM', ['service']);
      await this.waitUntilEmpty(SERVICES_GRACE_MS);
    } else await this.waitUntilEmpty(FOLLOWERS_GRACE_MS / 2);
    if (this.isEmpty()) return;
    await this.send('TERM', ['launcher']);
    await this.waitUntilEmpty(FOLLOWERS_GRACE_MS / 2);
    if (this.isEmpty()) return;
    await this.send('KILL', ['worker', 'launcher', 'service']);
    await this.waitUntilEmpty(FOLLOWERS_GRACE_MS / 2);
    if (!this.isEmpty()) await this.killAll();
  }

  /** What forks faster than it is killed is halted first. */
  private async killAll(): Promise<void> {
    const all: readonly ProcessRole[] = ['worker', 'launcher', 'service', 'supervisor'];
    await this.send('STOP', all);
    for (const deadline = Date.now() + FOLLOWERS_GRACE_MS; !this.isEmpty() && Date.now() < deadline;) {
      await this.send('KILL', all);
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS));
    }
  }

  /** Two looks in a row, a moment apart, the second of them after the other hosts were empty too. */
  async prove(): Promise<void> {
    if (!this.isEmpty()) {
      await this.scan(undefined);
      await this.waitUntilEmpty(FOLLOWERS_GRACE_MS);
      if (!this.isEmpty()) return;
    }
    await this.pauseAndScan(PROOF_PAUSE_MS);
    // A process that is just ending cannot be read for a moment; one that stays is seen again.
    for (let looks = 0; this.isEmpty() && this.hasUnreadable() && looks < UNREADABLE_LOOKS; looks++)
      await this.pauseAndScan(LAST_PAUSE_MS);
    this.proven = this.isEmpty() && !this.hasUnreadable();
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
    return [{ host: this.host.name, reason, unreachable: this.hasFailed }];
  }

  private count(roles: readonly ProcessRole[]): number {
    return this.last?.processes.filter(({ role }) => roles.includes(role)).length ?? 0;
  }

  private hasUnreadable(): boolean {
    return (this.last?.unreadable.length ?? 0) > 0;
  }

  private isEmpty(): boolean {
    return this.last?.processes.length === 0;
  }

  private waitUntilEmpty(ms: number): Promise<void> {
    return this.lookUntil(() => this.isEmpty(), Date.now() + ms);
  }

  private async lookUntil(isDone: () => boolean, deadline: number): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !isDone() && Date.now() < deadline;) {
      await this.pauseAndScan(pause);
      pause = Math.min(pause * 2, LAST_PAUSE_MS);
    }
  }

  private async pauseAndScan(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    throwIfAborted(this.signal);
    await this.scan(undefined);
  }

  private send(signal: ScanSignal['signal'], roles: readonly ProcessRole[]): Promise<void> {
    return this.scan({ signal, roles, by: this.by });
  }

  private async scan(send: ScanSignal | undefined): Promise<void> {
    const limit = AbortSignal.timeout(ANSWER_MS);
    const signal = this.signal === undefined ? limit : AbortSignal.any([this.signal, limit]);
    try {
      const connection = await this.ssh.connect(this.host.target, signal);
      const sessions = this.last?.sessions ?? [];
      this.last = await scanHost(connection, this.run, this.host.name, sessions, send, signal);
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
