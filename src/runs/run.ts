import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { Plan } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import type { Attempts } from './again/clearStart';
import { buildRunView } from './buildRunView';
import type { HostMirror } from './hostMirror';
import { JoiningWatch } from './joiningWatch';
import type { LogBytes, RunView } from './model';
import { OwedProof } from './owedProof';
import { thisPreparer } from './preparer';
import type { Registry, StoredRun } from './registry';
import type { FinalState } from './runEnd';
import { RunFile } from './runFile';
import { RunHosts } from './runHosts';
import { launchStage, runState, type LaunchStage, type StateParts } from './runState';
import type { SlurmQueues } from './slurm/slurmQueues';
import { SlurmRun } from './slurm/slurmRun';
import { waitUntil } from './waitUntil';

/** Bytes of the clock file of a process. */
export interface ClockBytes {
  /** Worker id, or `host/launcher`. */
  worker: string;
  offset: number;
  bytes: Uint8Array;
}

/**
 * One run: what is stored of it, what its hosts say, and what is being done to it. Its state is derived from the hosts'
 * records, never assumed; it decides nothing itself.
 */
export class Run {
  readonly file: RunFile;
  readonly hosts: RunHosts;
  /** Only for a job of Slurm that is not over. */
  readonly slurm: SlurmRun | undefined;
  readonly joining: JoiningWatch;
  readonly owed = new OwedProof();
  /** What is to be said of a port that was lost. */
  lostPort: string | undefined;

  private readonly changed = new Emitter<undefined>();
  private readonly bytes = new Emitter<LogBytes>();
  private readonly clock = new Emitter<ClockBytes>();
  private readonly settled = new Emitter<undefined>();
  private readonly missing = new Emitter<string>();
  readonly onDidChange = this.changed.event;
  readonly onBytes = this.bytes.event;
  readonly onClock = this.clock.event;
  /** A host has been read to its end, or Slurm has told of the job: it may be over. */
  readonly onSettled = this.settled.event;
  /** A host has no directory of it (any more), or no start although it began long ago. */
  readonly onMissing = this.missing.event;

  private preparing: string | undefined;
  private stopping: StateParts['stopping'];
  private cachedView: RunView | undefined;

  constructor(
    stored: StoredRun,
    registry: Registry,
    private readonly ssh: SshPool,
    private readonly logger: Logger,
    queues: SlurmQueues,
  ) {
    const { id, plan, startedAt } = stored;
    this.file = new RunFile(stored, registry);
    this.hosts = new RunHosts(stored, registry, logger, {
      onChange: () => this.change(),
      onLog: (worker, fresh) => this.bytes.fire({ run: id, worker, ...fresh }),
      onClock: (worker, { offset, bytes }) => this.clock.fire({ worker, offset, bytes }),
      onSettled: () => this.settled.fire(undefined),
      onMissing: (host) => this.missing.fire(host),
    });
    this.joining = new JoiningWatch(
      ssh,
      () => this.stored.plan,
      startedAt,
      () => this.hosts.records,
      () => this.change(),
    );
    const [login] = this.hosts.all;
    if (plan.slurm !== undefined && login !== undefined && !this.isOver) {
      this.slurm = new SlurmRun(plan, login, queues, () => {
        this.change();
        this.settled.fire(undefined);
      });
    }
  }

  get stored(): StoredRun {
    return this.file.stored;
  }

  get id(): string {
    return this.stored.id;
  }

  get isOver(): boolean {
    return this.stored.final !== undefined;
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
    return this.hosts.get(host)?.mirror;
  }

  /** Who launches it. */
  get launch(): LaunchStage {
    return launchStage(this.stored, this.preparing);
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  /** By whom a stop was asked: here, before a restart, or in another window. */
  get stopAsked(): 'stop' | 'workerExit' | undefined {
    return this.stored.stopAsked ?? this.hosts.stopAsked;
  }

  get areAllStarted(): boolean {
    return this.hosts.haveStarted(this.stored.plan.processes);
  }

  /** Says what is being prepared; undefined once the processes have been started. */
  setPreparing(step: string | undefined): void {
    if (this.preparing === undefined && step !== undefined) this.file.save({ preparedBy: thisPreparer() });
    this.preparing = step;
    if (step === undefined) {
      this.file.noteLaunched();
      this.joining.since = Date.now();
      if (this.stored.plan.slurm === undefined) this.file.noteStarted();
    }
    this.change();
  }

  /** Says what a stop is waiting for; undefined once it is done. */
  setStopping(stopping: StateParts['stopping']): void {
    this.stopping = stopping;
    this.change();
  }

  /** Keeps what was found while the hosts were prepared. */
  notePrepared(known: Pick<StoredRun, 'warnings' | 'baselines' | 'commit'>): void {
    this.file.save(known);
    this.change();
  }

  /** Adds to what was found out before the start. */
  noteWarning(text: string): void {
    this.file.save({ warnings: [...(this.stored.warnings ?? []), text] });
    this.change();
  }

  /** It runs, as far as its hosts can tell: whoever was to launch it is not waited for. */
  noteLaunched(): void {
    this.file.noteLaunched();
    this.change();
  }

  /** Another plan for the same hosts and processes, with other ports. */
  replan(plan: Plan): void {
    this.file.save({ plan });
    this.change();
  }

  /** What was recorded up to these attempts belongs to a start that was given up. */
  forgetStart(earlier: Attempts): void {
    this.file.save({ earlier });
    this.hosts.forget(earlier);
  }

  /** Follows every host until the run is over; hosts that are waited for are tried at once. */
  attach(): void {
    if (!this.isOver) this.hosts.attach(this.ssh, this.logger);
  }

  /**
   * Resolves when every supervised process has been seen started (or over), or after the time.
   * @throws Cancelled
   */
  started(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    return waitUntil(() => this.areAllStarted, timeoutMs, signal);
  }

  /** Learns how far the launch of another window has come. */
  readLaunch(): void {
    if (this.stored.preparedBy === undefined || this.preparing !== undefined) return;
    const known = this.file.read();
    if (known === undefined) return;
    if (known.final !== undefined) this.end(known.final, known.endedAt ?? Date.now());
    else if (known.preparedBy === undefined) {
      this.file.takeOver(known);
      this.change();
    }
  }

  /** It is over: nothing more is expected of its hosts. @param endedAt milliseconds since the epoch. */
  end(final: FinalState, endedAt: number): void {
    const isLaunchedHere = this.preparing !== undefined;
    this.slurm?.dispose();
    this.hosts.detach();
    this.preparing = undefined;
    this.stopping = undefined;
    this.file.noteEnd(final, endedAt, isLaunchedHere);
    this.change();
  }

  /** The run never got to start, and nothing of it is left. @param reason undefined where a person gave it up. */
  endUnstarted(reason: string | undefined): void {
    const exit = { code: reason === undefined ? 0 : 1, process: undefined };
    const why =
      reason === undefined ? { by: 'stop' as const } : { by: 'failedToStart' as const, message: reason };
    this.end({ kind: 'ended', exit, proven: true, ...why }, Date.now());
  }

  /** Nobody saw how it ended. @param hosts those that could have told. */
  endGone(hosts = this.hosts.names): void {
    this.end({ kind: 'gone', hosts }, Date.now());
  }

  dispose(): void {
    this.slurm?.dispose();
    this.hosts.dispose();
  }

  private change(): void {
    this.cachedView = undefined;
    this.changed.fire(undefined);
  }

  private buildView(): RunView {
    const { stored, hosts, slurm, preparing, stopping } = this;
    const job = slurm?.state;
    return buildRunView(stored, {
      state: runState(stored, { preparing, stopping, owing: this.owed.hosts, job }),
      contact: { ...hosts.contact, ...(this.isOver ? {} : slurm?.contact) },
      records: hosts.records,
      notJoined: this.isOver ? [] : this.joining.missing,
    });
  }
}
