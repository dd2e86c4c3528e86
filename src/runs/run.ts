import { describeError, throwIfAborted } from '../base/errors';
import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { Plan } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import type { Attempts } from './again/clearStart';
import { cannotListen } from './again/lostPorts';
import {
  deriveOutcome,
  deriveWorkers,
  failedService,
  firstFailure,
  incompleteLogs,
  otherLogs,
  type Outcome,
} from './deriveState';
import { buildRunView } from './buildRunView';
import { explainRun } from './explain/explainRun';
import { isPreparing, thisPreparer } from './preparer';
import { settleStart } from './settleStart';
import { HostMirror } from './hostMirror';
import type { ProcessRecord } from './hostRecord';
import { JoiningWatch } from './joiningWatch';
import type { LogBytes, RunExit, RunState, RunView, WorkerView } from './model';
import type { Registry, StoredRun } from './registry';
import { RunHost } from './runHost';
import { endedState, jobExit, withJobWord, withProof, type FinalState } from './runEnd';
import type { JobWord } from './slurm/jobWord';
import type { SlurmQueues } from './slurm/slurmQueues';
import { SlurmRun, type SlurmVerdict } from './slurm/slurmRun';
import { deriveTasks } from './slurm/slurmWorkers';
import { refusalText } from './slurm/refusalText';
import { findJob, stopSlurm } from './slurm/stopSlurm';
import { trainingSeconds } from './trainingTime';
import { proveEmpty, stopRun, type StopProgress, type Unproven } from './stopRun';

/** Exit records follow the end of a process within a fraction of a second; one that never began has none. */
const LAST_RECORDS_MS = 5000;
/** A busy host may be late with the last bytes: they are waited for, as what is not read by then is not looked for again. */
const LAST_BYTES_MS = 60_000;

/** After a proof that could not be had, or a directory that is missing, hosts are asked again this much later. */
const LOOK_AGAIN_MS = 10_000;
/** A launch in another window looks for a stop every second, and then ends what it has begun. */
const GIVEN_UP_WITHIN_MS = 10_000;
/** Between the start of a process and its record. */
const START_SHOWS_MS = 3000;
/** A stop that was asked for in another window is taken up here when it has not ended the run by then. */
const FORGOTTEN_STOP_MS = 90_000;

/** Bytes of the clock file of a process. */
export interface ClockBytes {
  /** Worker id, or `host/launcher`. */
  worker: string;
  offset: number;
  bytes: Uint8Array;
}

/**
 * One run: what is stored of it, what its hosts say, and what has been asked of it. Its state is derived from the
 * hosts' records, never assumed.
 */
export class Run {
  private readonly hosts: RunHost[];
  private readonly changed = new Emitter<undefined>();
  private readonly bytes = new Emitter<LogBytes>();
  private readonly clock = new Emitter<ClockBytes>();
  readonly onDidChange = this.changed.event;
  readonly onBytes = this.bytes.event;
  readonly onClock = this.clock.event;

  /**
   * Set by whoever launched it: starts it once more where its port was lost before it could listen there, when nothing of
   * it is left. Resolves with true when it runs again, or with what there is to say of its end.
   */
  startAgain: (() => Promise<true | string | undefined>) | undefined;

  private preparing: string | undefined;
  private stopping: { step: string; deadline: number | undefined } | undefined;
  private stopPromise: Promise<Unproven[]> | undefined;
  /** Something in the background decides about the run; heartbeats do not start it twice. */
  private isBusy = false;
  /** Hosts that did not answer when the proof was asked of them. */
  private outstanding: string[] = [];
  private lookAgainAt = 0;
  private stopSeenAt: number | undefined;
  /** The failed service whose log was looked at. */
  private serviceLookedAt: string | undefined;
  /** What is to be said of a port that was lost. */
  private lostPort: string | undefined;
  private cachedView: RunView | undefined;
  private readonly joining: JoiningWatch;
  /** Only for a job of Slurm. */
  private readonly slurm: SlurmRun | undefined;

  constructor(
    private stored: StoredRun,
    private readonly registry: Registry,
    private readonly ssh: SshPool,
    private readonly logger: Logger,
    queues: SlurmQueues,
  ) {
    const { id, plan, startedAt } = stored;
    this.joining = new JoiningWatch(
      ssh,
      () => this.stored.plan,
      startedAt,
      () => this.records(),
      () => this.change(),
    );
    this.hosts = plan.hosts.map((host) => {
      const supervised = plan.processes.filter((process) => process.host === host.name).map((one) => one.id);
      const mirror = new HostMirror(registry.hostDirectory(id, host.name), logger);
      const earlier = stored.earlier?.[host.name] ?? {};
      return new RunHost({ id, startedAt, isOver: this.isOver }, earlier, host, supervised, mirror, {
        onChange: () => this.change(),
        onLog: (process, fresh) => this.bytes.fire({ run: id, worker: `${host.name}/${process}`, ...fresh }),
        onClock: (process, { offset, bytes }) =>
          this.clock.fire({ worker: `${host.name}/${process}`, offset, bytes }),
        onSettled: () => this.checkOver(),
        onMissing: () => this.checkMissing(host.name),
      });
    });
    const [login] = this.hosts;
    if (plan.slurm !== undefined && login !== undefined && !this.isOver) {
      this.slurm = new SlurmRun(plan, login, queues, () => {
        this.change();
        this.checkOver();
      });
    }
  }

  get id(): string {
    return this.stored.id;
  }

  get isOver(): boolean {
    return this.stored.final !== undefined;
  }

  /** It is over, and every host has shown that nothing is left of it. */
  get isProven(): boolean {
    return this.stored.final?.kind === 'ended' && this.stored.final.proven;
  }

  get view(): RunView {
    this.cachedView ??= this.buildView();
    return this.cachedView;
  }

  /** Id of its Slurm job, once Slurm has taken it and while it has not ended. */
  get jobId(): string | undefined {
    return this.slurm?.jobId;
  }

  mirror(host: string): HostMirror | undefined {
    return this.host(host)?.mirror;
  }

  get hostNames(): string[] {
    return this.hosts.map(({ name }) => name);
  }

  /** Says what is being prepared; undefined once the processes have been started. */
  setPreparing(step: string | undefined): void {
    if (this.preparing === undefined && step !== undefined) this.save({ preparedBy: thisPreparer() });
    this.preparing = step;
    if (step === undefined) {
      this.noteLaunched();
      this.joining.since = Date.now();
      if (this.stored.plan.slurm === undefined) this.noteStarted();
    }
    this.change();
  }

  /** It was started: its hosts say all there is to know of it. */
  noteLaunched(): void {
    if (this.stored.preparedBy !== undefined) this.save({ preparedBy: undefined });
  }

  /** Whether another window has asked for its stop. */
  get isStopNoted(): boolean {
    return this.registry.read(this.id)?.stopAsked === 'stop';
  }

  /** From now on it is no news that it ended. */
  noteEndSeen(): void {
    if (this.stored.endSeen === false) this.save({ endSeen: true });
  }

  /** Whether it has ended and nobody has been told. */
  get isEndUnseen(): boolean {
    return this.isOver && this.stored.endSeen === false;
  }

  /** Keeps what was found while the hosts were prepared. */
  notePrepared(known: Pick<StoredRun, 'warnings' | 'baselines' | 'commit'>): void {
    this.save(known);
    this.change();
  }

  /** Another plan for the same hosts and processes, with other ports. */
  replan(plan: Plan): void {
    this.save({ plan });
    this.change();
  }

  /** What was recorded up to these attempts belongs to a start that was given up. */
  forgetStart(earlier: Attempts): void {
    this.save({ earlier });
    this.serviceLookedAt = undefined;
    for (const host of this.hosts) host.forget(earlier[host.name] ?? {});
  }

  /** Paths of the cached logs. */
  get logs(): string[] {
    return this.hosts.flatMap(({ mirror }) =>
      mirror.names.filter((name) => name.endsWith('.log')).map((name) => mirror.path(name)),
    );
  }

  /** Adds to what was found out before the start. */
  noteWarning(text: string): void {
    this.save({ warnings: [...(this.stored.warnings ?? []), text] });
    this.change();
  }

  /** Follows every host until the run is over; hosts that are waited for are tried at once. */
  attach(): void {
    if (this.isOver) return;
    for (const host of this.hosts) host.attach(this.ssh, this.logger);
  }

  /** Writes it to the registry, so that it is known after a restart. */
  store(): void {
    this.save({});
  }

  /**
   * Resolves when every supervised process has been seen started (or over), or after the time.
   * @throws Cancelled
   */
  async started(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    for (const deadline = Date.now() + timeoutMs; !this.areAllStarted;) {
      throwIfAborted(signal);
      if (Date.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  /**
   * Resolves when every host has been read to its end or is known not to answer, and Slurm has been asked about its job, or
   * after the time.
   */
  async caughtUp(timeoutMs: number): Promise<void> {
    this.slurm?.ask();
    const isAway = (host: RunHost): boolean => host.contact.kind === 'unreachable';
    const isCurrent = (): boolean =>
      this.isOver ||
      this.launch === 'elsewhere' ||
      (!this.isBusy &&
        this.hosts.every((host) => host.isSettled || isAway(host)) &&
        (this.slurm === undefined || this.slurm.isCurrent || this.hosts.some(isAway)));
    for (const deadline = Date.now() + timeoutMs; Date.now() < deadline && !isCurrent();) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /**
   * Stops the run and proves that nothing is left. Asked twice at a time, done once. One that is over is looked at again,
   * and what it left behind is ended.
   * @returns the hosts that could not prove it; such a run can be stopped again.
   */
  stop(by: 'stop' | 'workerExit', progress: StopProgress, signal?: AbortSignal): Promise<Unproven[]> {
    this.stopPromise ??= this.doStop(by, progress, signal).finally(() => (this.stopPromise = undefined));
    return this.stopPromise;
  }

  /** The run never got to start, and nothing of it is left. @param reason undefined where a person gave it up. */
  endUnstarted(reason: string | undefined): void {
    const exit = { code: reason === undefined ? 0 : 1, process: undefined };
    const why =
      reason === undefined ? { by: 'stop' as const } : { by: 'failedToStart' as const, message: reason };
    this.end({ kind: 'ended', exit, proven: true, ...why }, Date.now());
  }

  dispose(): void {
    this.slurm?.dispose();
    for (const host of this.hosts) host.dispose();
  }

  /** Its hosts are known to exist no more, and everything on them with them. */
  endWithHosts(): void {
    if (!this.isOver) this.end({ kind: 'gone', hosts: this.hostNames }, Date.now());
  }

  private host(name: string): RunHost | undefined {
    return this.hosts.find((host) => host.name === name);
  }

  private async doStop(
    by: 'stop' | 'workerExit',
    progress: StopProgress,
    signal?: AbortSignal,
  ): Promise<Unproven[]> {
    if (!this.isOver) this.save({ stopAsked: this.stored.stopAsked ?? by });
    const report: StopProgress = (step, deadline) => {
      this.stopping = { step, deadline };
      progress(step, deadline);
      this.change();
    };
    try {
      await this.launchGivenUp(report, signal);
      if (this.isProven) return [];
      if (this.stored.plan.slurm !== undefined) return await this.doStopSlurm(by, report, signal);
      const unproven = await stopRun(this.ssh, this.stored.plan, by, report, signal);
      this.noteOutstanding(unproven);
      if (this.stored.final !== undefined) this.noteProof(this.stored.final, unproven);
      else if (unproven.length === 0) await this.endProven();
      return unproven;
    } finally {
      this.stopping = undefined;
      this.change();
    }
  }

  /** Whoever launches it in another window sees the stop that is noted. One that does not answer is not waited for. */
  private async launchGivenUp(report: StopProgress, signal: AbortSignal | undefined): Promise<void> {
    for (const deadline = Date.now() + GIVEN_UP_WITHIN_MS; Date.now() < deadline;) {
      this.readLaunch();
      if (this.isOver || this.launch !== 'elsewhere') return;
      report('waiting for another window to give up the launch', deadline);
      await new Promise((resolve) => setTimeout(resolve, 200));
      throwIfAborted(signal);
    }
  }

  private async doStopSlurm(
    by: 'stop' | 'workerExit',
    report: StopProgress,
    signal: AbortSignal | undefined,
  ): Promise<Unproven[]> {
    const { unproven, word } = await stopSlurm(this.ssh, this.stored.plan, by, report, signal);
    this.slurm?.learn(word);
    this.noteOutstanding(unproven);
    if (this.stored.final !== undefined) this.noteProof(this.stored.final, unproven);
    if (unproven.length > 0 || this.isOver) return unproven;
    if (word?.kind === 'ended') await this.endSlurm(word);
    else await this.endProven();
    return unproven;
  }

  /** What a stop has found of a run that was over before. */
  private noteProof(final: FinalState, unproven: readonly Unproven[]): void {
    if (final.kind === 'ended') this.save({ final: withProof(final, unproven) });
  }

  /** Hosts that did not answer are asked again when they are back; the others have said all they can. */
  private noteOutstanding(unproven: readonly Unproven[]): void {
    this.outstanding = unproven.filter(({ unreachable }) => unreachable).map(({ host }) => host);
    this.lookAgainAt = Date.now() + LOOK_AGAIN_MS;
    this.stopSeenAt = Date.now();
  }

  /** Nothing is left on any host: waits for the last bytes and records, then the run is over. */
  private async endProven(): Promise<void> {
    const isComplete = (): boolean =>
      deriveOutcome(this.stored.plan, this.records()).kind !== 'running' &&
      this.hosts.every((host) => host.isSettled);
    await within(LAST_RECORDS_MS, isComplete);
    if (!isComplete()) await this.readAgain();
    // Proven empty: what has no exit record by now was killed together with its recorder, or never began.
    for (const host of this.hosts) host.giveUp();
    const outcome = deriveOutcome(this.stored.plan, this.records());
    if (outcome.kind === 'ended') {
      this.end(await this.ended(outcome.exit, 'stop', []), outcome.endedAt);
    } else if (this.stopAsked === 'workerExit' && this.stored.cause === undefined) {
      this.end({ kind: 'gone', hosts: outcome.kind === 'gone' ? outcome.hosts : this.hostNames }, Date.now());
    } else {
      this.end(await this.ended({ code: 137, process: undefined }, 'stop', []), Date.now());
    }
  }

  /** Reads all that the hosts have at this moment. */
  private async readAgain(): Promise<void> {
    for (const host of this.hosts) host.readAgain();
    await within(LAST_BYTES_MS, () => this.hosts.every((host) => host.isSettled));
  }

  private records(): Map<string, ProcessRecord[]> {
    return new Map(this.hosts.map(({ name, records }) => [name, records]));
  }

  /** Acts on what the hosts say: one worker failed, or all are over, or one of them is back. */
  private checkOver(): void {
    if (!this.mayDecide()) return;
    const asked = this.stopAsked;
    if (this.slurm !== undefined) {
      const { slurm } = this;
      const verdict = slurm.look();
      if (slurm.state.kind === 'running') this.noteStarted();
      if (verdict.kind !== 'open') {
        if (this.hosts.every((host) => host.isSettled))
          this.inBackground(() => this.finishSlurm(slurm, verdict));
      } else if (asked !== undefined && this.mustTakeUpStop()) {
        this.inBackground(() => this.stop(asked, () => undefined));
      }
      return;
    }
    if (this.areAllStarted) this.noteStarted();
    this.joining.look();
    const outcome = deriveOutcome(this.stored.plan, this.records());
    if (outcome.kind !== 'running') {
      if (this.hosts.every((host) => host.isSettled)) this.inBackground(() => this.finish(outcome));
    } else if (asked !== undefined) {
      if (this.mustTakeUpStop()) this.inBackground(() => this.stop(asked, () => undefined));
    } else {
      const failure = firstFailure(this.stored.plan, this.records());
      const service = failedService(this.stored.plan, this.records());
      const isOneGone = this.hosts.some(({ records }) => records.some(({ gone }) => gone));
      if (this.stored.plan.onWorkerExit === 'stop' && (failure.code !== 0 || isOneGone)) {
        this.inBackground(() => this.stopForWorker(failure));
      } else if (service !== undefined && service.process !== this.serviceLookedAt) {
        this.inBackground(() => this.lookAtService(service));
      }
    }
  }

  /** Whether what the hosts say may lead to anything now. */
  private mayDecide(): boolean {
    if (this.isOver || this.stopping !== undefined || this.isBusy || !this.mayLook()) return false;
    this.readLaunch();
    if (this.launch === 'broken') this.inBackground(() => this.settleBroken());
    return this.launch === 'done' && !this.isOver;
  }

  /**
   * Who launches it: this window (`here`), another one (`elsewhere`), or one that ended in the middle (`broken`).
   */
  private get launch(): 'here' | 'elsewhere' | 'broken' | 'done' {
    if (this.preparing !== undefined) return 'here';
    const { preparedBy } = this.stored;
    if (preparedBy === undefined) return 'done';
    return isPreparing(preparedBy) ? 'elsewhere' : 'broken';
  }

  /** Learns how far the launch of another window has come. */
  private readLaunch(): void {
    if (this.stored.preparedBy === undefined || this.preparing !== undefined) return;
    const known = this.registry.read(this.id);
    if (known === undefined) return;
    if (known.final !== undefined) this.end(known.final, known.endedAt ?? Date.now());
    else if (known.preparedBy === undefined) {
      this.stored = known;
      this.change();
    }
  }

  /** Whoever launched it has ended: either it was started everywhere, or it never will be. */
  private async settleBroken(): Promise<void> {
    const { plan } = this.stored;
    const { started, taken } = await settleStart(this.ssh, plan);
    if (taken.length === 0) {
      this.noteLaunched();
      this.change();
      return;
    }
    const look =
      started.length === 0 ? proveEmpty(this.ssh, plan) : stopRun(this.ssh, plan, 'itself', () => undefined);
    const unproven = await look;
    this.noteOutstanding(unproven);
    if (unproven.length === 0 && !this.isOver)
      this.endUnstarted('whoever launched it ended before everything had been started');
  }

  /** Hosts that did not answer are not asked over and over, nor is what failed tried again at once. */
  private mayLook(): boolean {
    return Date.now() >= this.lookAgainAt;
  }

  /** Whoever asked for the stop carries it out; we do when it was us, or when nothing has come of it for a while. */
  private mustTakeUpStop(): boolean {
    this.stopSeenAt ??= Date.now();
    const isOurs = this.outstanding.length > 0;
    const isForgotten = Date.now() - this.stopSeenAt > FORGOTTEN_STOP_MS;
    const areBack = this.outstanding.every((name) => this.host(name)?.contact.kind === 'connected');
    return (isOurs || isForgotten) && areBack;
  }

  /** By whom a stop was asked: here, before a restart, or in another window. */
  private get stopAsked(): 'stop' | 'workerExit' | undefined {
    return this.stored.stopAsked ?? this.hosts.map((host) => host.stopAsked).find((by) => by !== undefined);
  }

  private checkMissing(name: string): void {
    if (this.mayDecide()) this.inBackground(() => this.lookAtMissing(name));
  }

  /**
   * A host has no directory of the run, or no start: only when none can come any more, and nothing of it runs there
   * either, that part is over. A start that was just made shows within a moment.
   */
  private async lookAtMissing(name: string): Promise<void> {
    const { plan } = this.stored;
    const part = { ...plan, hosts: plan.hosts.filter((host) => host.name === name) };
    const host = this.host(name);
    if (host?.isStarted === false) {
      const { started } = await settleStart(this.ssh, part);
      if (started.length > 0) await new Promise((resolve) => setTimeout(resolve, START_SHOWS_MS));
    }
    const unproven = await proveEmpty(this.ssh, part);
    if (unproven.length === 0) host?.giveUp();
    else this.lookAgainAt = Date.now() + LOOK_AGAIN_MS;
  }

  /** A scheduler that cannot listen leaves its workers waiting: nothing comes of them. */
  private async lookAtService(failure: RunExit): Promise<void> {
    const [name = '', id = ''] = failure.process?.split('/') ?? [];
    const log = this.mirror(name)?.path(`${id}.log`);
    this.serviceLookedAt = failure.process;
    if (log !== undefined && (await cannotListen([log]))) await this.stopForWorker(failure);
  }

  private async stopForWorker(cause: RunExit): Promise<void> {
    if (await this.runsAgain(() => stopRun(this.ssh, this.stored.plan, 'itself', () => undefined))) return;
    if (this.stored.cause === undefined && cause.code !== 0) this.save({ cause });
    await this.stop('workerExit', () => undefined);
  }

  /** The run ended by itself; whatever it left behind is ended too, and its absence proved. */
  private async finish(outcome: Exclude<Outcome, { kind: 'running' }>): Promise<void> {
    let unproven = await proveEmpty(this.ssh, this.stored.plan);
    // Where nobody saw the end, what still runs may be the training itself: that is not for us to stop.
    if (outcome.kind === 'ended' && unproven.some(({ unreachable }) => !unreachable)) {
      unproven = await stopRun(this.ssh, this.stored.plan, 'itself', () => undefined);
    }
    this.noteOutstanding(unproven);
    if (this.isOver || this.outstanding.length > 0) return;
    if (outcome.kind === 'ended') {
      if (outcome.exit.code !== 0 && (await this.runsAgain(() => Promise.resolve(unproven)))) return;
      this.end(await this.ended(outcome.exit, 'itself', unproven), outcome.endedAt);
    } else if (unproven.length === 0) this.end(outcome, Date.now());
  }

  /**
   * Whether a run that failed was started again because of its port.
   * @param stop stops it with proof.
   */
  private async runsAgain(stop: () => Promise<Unproven[]>): Promise<boolean> {
    const { startAgain } = this;
    if (startAgain === undefined || this.stopAsked !== undefined) return false;
    if (!(await cannotListen(this.logs)) || (await stop()).length > 0) return false;
    const answer = await startAgain();
    if (typeof answer === 'string') this.lostPort = answer;
    return answer === true;
  }

  /** The final state, explained; what was the cause before a stop is the run's exit. */
  private async ended(
    lastExit: RunExit,
    by: 'itself' | 'stop',
    unproven: readonly Unproven[],
  ): Promise<ReturnType<typeof endedState>> {
    const exit = this.stored.cause ?? lastExit;
    const wasStopped = this.stopAsked === 'stop';
    const why = await explainRun(exit, this.stored, this.hosts, wasStopped, this.ssh, this.logger);
    return endedState(exit, this.stopAsked ?? by, unproven, why, this.lostPort);
  }

  /** Slurm, or sbatch, or nobody any more, says how it ended. */
  private async finishSlurm(
    slurm: SlurmRun,
    verdict: Exclude<SlurmVerdict, { kind: 'open' }>,
  ): Promise<void> {
    const [login] = this.hosts;
    switch (verdict.kind) {
      case 'over':
        await this.endSlurm(verdict.word);
        return;
      case 'refused': {
        const exit = { code: verdict.code, process: `${login?.name ?? ''}/submit` };
        const message = refusalText(login?.mirror.path('submit.log')) ?? `sbatch ended with ${verdict.code}`;
        this.end({ kind: 'ended', exit, by: 'failedToStart', message, proven: true }, Date.now());
        return;
      }
      case 'unsubmitted':
        if (!(await findJob(this.ssh, this.stored.plan)))
          this.end({ kind: 'gone', hosts: this.hostNames }, Date.now());
        else this.lookAgainAt = Date.now() + LAST_RECORDS_MS;
        return;
      case 'forgotten':
        for (const host of this.hosts) host.giveUp();
        this.end({ kind: 'gone', hosts: [`Slurm (job ${slurm.jobId ?? '?'})`] }, Date.now());
    }
  }

  /** The job is over, says Slurm: waits for the last bytes and records, which a shared home may show late. */
  private async endSlurm(word: JobWord & { kind: 'ended' }): Promise<void> {
    const isComplete = (): boolean =>
      this.hosts.every(
        ({ isSettled, records }) =>
          isSettled && records.every(({ started, exit, gone }) => !started || exit || gone),
      );
    await this.readAgain();
    await within(LAST_RECORDS_MS, isComplete);
    if (this.stored.plan.slurm?.hasRecords === true) for (const host of this.hosts) host.giveUp();
    if (word.startedAt !== undefined && word.endedAt !== undefined)
      this.save({ jobSeconds: (word.endedAt - word.startedAt) / 1000 });
    const failure = firstFailure(this.stored.plan, this.records());
    const ended = await this.ended(jobExit(word, failure, this.stopAsked), 'itself', []);
    this.end(withJobWord(ended, word, this.stopAsked), word.endedAt ?? Date.now());
  }

  private end(decided: FinalState, decidedAt: number): void {
    // What another window has written down already holds for both, but whoever launches the run knows better.
    const isFirst = this.stored.final === undefined && this.preparing === undefined;
    const known = isFirst ? this.registry.read(this.id) : undefined;
    const final = known?.final ?? decided;
    const endedAt = known?.endedAt ?? decidedAt;
    this.slurm?.dispose();
    for (const host of this.hosts) host.detach();
    this.preparing = undefined;
    this.stopping = undefined;
    this.save({ final, endedAt, preparedBy: undefined });
    this.change();
  }

  private save(changes: Partial<StoredRun>): void {
    // Another window may have added what it alone knows.
    this.stored = { ...(this.registry.read(this.id) ?? this.stored), ...changes };
    this.registry.save(this.stored);
  }

  /** Training begins: what was before is waiting and set-up. */
  private noteStarted(): void {
    if (this.stored.processesStartedAt === undefined) this.save({ processesStartedAt: Date.now() });
  }

  private get areAllStarted(): boolean {
    return this.stored.plan.processes.every(({ host, id }) => {
      const record = this.host(host)?.record(id);
      return record?.started === true || record?.exit !== undefined;
    });
  }

  private inBackground(work: () => Promise<unknown>): void {
    if (this.isBusy) return;
    this.isBusy = true;
    work()
      .catch((error: unknown) => {
        this.lookAgainAt = Date.now() + LOOK_AGAIN_MS;
        this.logger.error(`run ${this.id}: ${describeError(error)}`, error);
      })
      .finally(() => {
        this.isBusy = false;
        this.checkOver();
      });
  }

  private change(): void {
    this.cachedView = undefined;
    this.changed.fire(undefined);
  }

  private get state(): RunState {
    if (this.stored.final !== undefined) return this.stored.final;
    if (this.preparing !== undefined) return { kind: 'preparing', step: this.preparing };
    if (this.stopping !== undefined) return { kind: 'stopping', ...this.stopping };
    if (this.outstanding.length > 0) {
      return {
        kind: 'stopping',
        step: `waiting for ${this.outstanding.join(', ')} to answer`,
        deadline: undefined,
      };
    }
    if (this.launch === 'elsewhere') return { kind: 'preparing', step: 'in another window or terminal' };
    if (this.launch === 'broken') {
      return { kind: 'preparing', step: 'whoever launched it has ended; asking its hosts' };
    }
    return this.slurm?.state ?? { kind: 'running' };
  }

  private workers(): WorkerView[] {
    const { plan, final, endedAt } = this.stored;
    if (plan.slurm === undefined) return deriveWorkers(plan, this.records());
    const end = final?.kind === 'ended' ? { code: final.exit.code, at: endedAt ?? 0 } : undefined;
    return deriveTasks(plan, this.records(), end);
  }

  private buildView(): RunView {
    const workers = this.workers();
    return buildRunView(this.stored, {
      state: this.state,
      contact: {
        ...Object.fromEntries(this.hosts.map((host) => [host.name, host.contact])),
        ...(this.isOver ? {} : this.slurm?.contact),
      },
      workers,
      notJoined: this.isOver ? [] : this.joining.missing,
      incompleteLogs: incompleteLogs(this.records(), workers),
      otherLogs: otherLogs(this.stored.plan, this.records(), workers),
      trainingSeconds: this.isOver
        ? (trainingSeconds(this.stored.plan, this.records()) ?? this.stored.jobSeconds)
        : undefined,
    });
  }
}

/** Resolves when it is so, or after the time. */
async function within(ms: number, isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + ms; Date.now() < deadline && !isSo();) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
