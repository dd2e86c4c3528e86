import { describeError } from '../../base/errors';
import { cannotListen } from '../again/lostPorts';
import { deriveOutcome, failedService, firstFailure, type Outcome } from '../deriveState';
import type { RunExit } from '../model';
import type { RunHost } from '../runHost';
import type { SlurmRun } from '../slurm/slurmRun';
import { proveEmpty, stopRun, type Unproven } from '../stopRun';
import { waitUntil } from '../waitUntil';
import { endByVerdict } from './endJob';
import { explainedEnd } from './endRun';
import { lookAtMissing, settleBroken } from './interruptedStart';
import type { RunContext } from './runContext';
import { RunStopper } from './runStopper';

/** Acts on what the hosts of one run, and Slurm, say of it: stops it, ends it, has it started again. */
export class RunControl {
  readonly run: RunContext['run'];
  readonly stopper: RunStopper;

  /**
   * Set by whoever launched it: starts it once more where its port was lost before it could listen there, when nothing of
   * it is left. Resolves with true when it runs again, or with what there is to say of its end.
   */
  startAgain: (() => Promise<true | string | undefined>) | undefined;

  /** Something in the background decides about the run; heartbeats do not start it twice. */
  private isBusy = false;
  /** The failed service whose log was looked at. */
  private serviceLookedAt: string | undefined;

  constructor(private readonly context: RunContext) {
    this.run = context.run;
    this.stopper = new RunStopper(context);
    this.run.onSettled(() => this.look());
    this.run.onMissing((host) => {
      if (this.mayDecide()) this.inBackground(() => lookAtMissing(context, host));
    });
  }

  /**
   * Resolves when every host has been read to its end or is known not to answer, and Slurm has been asked about its job, or
   * after the time.
   */
  async caughtUp(timeoutMs: number): Promise<void> {
    const { run } = this;
    const { slurm, hosts } = run;
    slurm?.ask();
    const isAway = (host: RunHost): boolean => host.contact.kind === 'unreachable';
    const isCurrent = (): boolean =>
      run.isOver ||
      run.launch === 'elsewhere' ||
      (!this.isBusy &&
        hosts.all.every((host) => host.isSettled || isAway(host)) &&
        (slurm === undefined || slurm.isCurrent || hosts.all.some(isAway)));
    await waitUntil(isCurrent, timeoutMs);
  }

  /** Acts on what the hosts say: one worker failed, or all are over, or one of them is back. */
  private look(): void {
    if (!this.mayDecide()) return;
    const { slurm } = this.run;
    if (slurm === undefined) this.lookAtProcesses();
    else this.lookAtJob(slurm);
  }

  /** Whether what the hosts say may lead to anything now. */
  private mayDecide(): boolean {
    const { run } = this;
    if (run.isOver || run.isStopping || this.isBusy || !run.owed.mayLook) return false;
    run.readLaunch();
    if (run.launch === 'broken') this.inBackground(() => settleBroken(this.context));
    return run.launch === 'done' && !run.isOver;
  }

  private lookAtJob(slurm: SlurmRun): void {
    const { run } = this;
    const verdict = slurm.look();
    if (slurm.state.kind === 'running') run.file.noteStarted();
    if (verdict.kind === 'open') this.takeUpStop();
    else if (run.hosts.areSettled) this.inBackground(() => endByVerdict(this.context, verdict));
  }

  private lookAtProcesses(): void {
    const { run } = this;
    const { plan } = run.stored;
    if (run.areAllStarted) run.file.noteStarted();
    run.joining.look();
    const outcome = deriveOutcome(plan, run.hosts.records);
    if (outcome.kind !== 'running') {
      if (run.hosts.areSettled) this.inBackground(() => this.finish(outcome));
    } else if (run.stopAsked !== undefined) this.takeUpStop();
    else {
      const failure = firstFailure(plan, run.hosts.records);
      const service = failedService(plan, run.hosts.records);
      const isOneGone = run.hosts.all.some(({ records }) => records.some(({ gone }) => gone));
      if (plan.onWorkerExit === 'stop' && (failure.code !== 0 || isOneGone)) {
        this.inBackground(() => this.stopForWorker(failure));
      } else if (service !== undefined && service.process !== this.serviceLookedAt) {
        this.inBackground(() => this.lookAtService(service));
      }
    }
  }

  /** Goes on with a stop that was asked for, where it falls to this window. */
  private takeUpStop(): void {
    const { stopAsked, owed, hosts } = this.run;
    if (stopAsked === undefined) return;
    const isBack = (name: string): boolean => hosts.get(name)?.contact.kind === 'connected';
    if (owed.mustTakeUpStop(isBack)) this.inBackground(() => this.stopper.stop(stopAsked, () => undefined));
  }

  /** A scheduler that cannot listen leaves its workers waiting: nothing comes of them. */
  private async lookAtService(failure: RunExit): Promise<void> {
    const [name = '', id = ''] = failure.process?.split('/') ?? [];
    const log = this.run.mirror(name)?.path(`${id}.log`);
    this.serviceLookedAt = failure.process;
    if (log !== undefined && (await cannotListen([log]))) await this.stopForWorker(failure);
  }

  private async stopForWorker(cause: RunExit): Promise<void> {
    const { run } = this;
    if (await this.runsAgain(() => this.endLeftovers())) return;
    if (run.stored.cause === undefined && cause.code !== 0) run.file.save({ cause });
    await this.stopper.stop('workerExit', () => undefined);
  }

  /** The run ended by itself; whatever it left behind is ended too, and its absence proved. */
  private async finish(outcome: Exclude<Outcome, { kind: 'running' }>): Promise<void> {
    const { run } = this;
    let unproven = await proveEmpty(this.context.ssh, run.stored.plan);
    // Where nobody saw the end, what still runs may be the training itself: that is not for us to stop.
    if (outcome.kind === 'ended' && unproven.some(({ unreachable }) => !unreachable)) {
      unproven = await this.endLeftovers();
    }
    run.owed.note(unproven);
    if (run.isOver || run.owed.hosts.length > 0) return;
    if (outcome.kind === 'ended') {
      if (outcome.exit.code !== 0 && (await this.runsAgain(() => Promise.resolve(unproven)))) return;
      run.end(await explainedEnd(this.context, outcome.exit, 'itself', unproven), outcome.endedAt);
    } else if (unproven.length === 0) run.endGone(outcome.hosts);
  }

  private endLeftovers(): Promise<Unproven[]> {
    return stopRun(this.context.ssh, this.run.stored.plan, 'itself', () => undefined);
  }

  /**
   * Whether a run that failed was started again because of its port.
   * @param stop stops it with proof.
   */
  private async runsAgain(stop: () => Promise<Unproven[]>): Promise<boolean> {
    const { run, startAgain } = this;
    if (startAgain === undefined || run.stopAsked !== undefined) return false;
    if (!(await cannotListen(run.hosts.logs)) || (await stop()).length > 0) return false;
    const answer = await startAgain();
    if (typeof answer === 'string') run.lostPort = answer;
    if (answer === true) this.serviceLookedAt = undefined;
    return answer === true;
  }

  private inBackground(work: () => Promise<unknown>): void {
    if (this.isBusy) return;
    this.isBusy = true;
    work()
      .catch((error: unknown) => {
        this.run.owed.lookLater();
        this.context.logger.error(`run ${this.run.id}: ${describeError(error)}`, error);
      })
      .finally(() => {
        this.isBusy = false;
        this.look();
      });
  }
}
