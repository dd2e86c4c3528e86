import { describeError } from '../base/errors';
import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { PlanHost } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import { deriveOutcome, deriveWorkers, firstFailure, type Outcome } from './deriveState';
import { explainExit } from './explainExit';
import { HostFollower } from './hostFollower';
import { HostMirror } from './hostMirror';
import { readHostRecord, type ProcessRecord } from './hostRecord';
import type { Contact, LogBytes, RunExit, RunState, RunView } from './model';
import type { Registry, StoredRun } from './registry';
import { stopRun, type StopProgress, type Unproven } from './stopRun';

interface HostState {
  plan: PlanHost;
  mirror: HostMirror;
  follower: HostFollower | undefined;
  contact: Contact;
  gone: Set<string>;
  /** The host's directory was not there. */
  missing: boolean;
  records: ProcessRecord[];
  /** A full pass has been read since the last exit record appeared: nothing more will come. */
  settled: boolean;
}

/** Exit records follow the end of a process within a fraction of a second; one that never began has none. */
const LAST_RECORDS_MS = 5000;

type FinalState = NonNullable<StoredRun['final']>;

/** Bytes of the clock file of a host. */
export interface ClockBytes {
  host: string;
  offset: number;
  bytes: Uint8Array;
}

/**
 * One run: what is stored of it, what its hosts say, and what has been asked of it. Its state is derived from the
 * hosts' records, never assumed.
 */
export class Run {
  private readonly hosts: HostState[];
  private readonly changed = new Emitter<undefined>();
  private readonly bytes = new Emitter<LogBytes>();
  private readonly clock = new Emitter<ClockBytes>();
  readonly onDidChange = this.changed.event;
  readonly onBytes = this.bytes.event;
  readonly onClock = this.clock.event;

  private preparing: string | undefined;
  private stopping: { step: string; deadline: number | undefined } | undefined;
  private stopPromise: Promise<Unproven[]> | undefined;
  private finishing = false;
  private cachedView: RunView | undefined;

  constructor(
    private stored: StoredRun,
    private readonly registry: Registry,
    private readonly ssh: SshPool,
    private readonly logger: Logger,
  ) {
    this.hosts = stored.plan.hosts.map((host) => ({
      plan: host,
      mirror: new HostMirror(registry.hostDirectory(stored.id, host.name)),
      follower: undefined,
      contact: { kind: stored.final === undefined ? 'connecting' : 'done' },
      gone: new Set(),
      missing: false,
      records: [],
      settled: false,
    }));
    for (const host of this.hosts) host.records = readHostRecord(host.mirror, host.gone);
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

  mirror(host: string): HostMirror | undefined {
    return this.hosts.find(({ plan }) => plan.name === host)?.mirror;
  }

  get hostNames(): string[] {
    return this.hosts.map(({ plan }) => plan.name);
  }

  /** Says what is being prepared; undefined once the processes have been started. */
  setPreparing(step: string | undefined): void {
    this.preparing = step;
    this.change();
  }

  /** Follows every host until the run is over. */
  attach(): void {
    if (this.isOver) return;
    for (const host of this.hosts) this.follow(host);
  }

  /** Tries unreachable hosts at once. */
  retry(): void {
    for (const { follower } of this.hosts) follower?.retry();
  }

  /** Resolves when every supervised process has been seen started (or over), or after the time. */
  async started(timeoutMs: number): Promise<boolean> {
    const isStarted = (): boolean =>
      this.stored.plan.processes.every(({ host, id }) => {
        const record = this.hosts
          .find(({ plan }) => plan.name === host)
          ?.records.find((process) => process.id === id);
        return record?.started === true || record?.exit !== undefined;
      });
    for (const deadline = Date.now() + timeoutMs; !isStarted();) {
      if (Date.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return true;
  }

  /**
   * Stops the run and proves that nothing is left. Asked twice, done once.
   * @returns the hosts that could not prove it; such a run stays open and can be stopped again.
   */
  stop(by: 'stop' | 'workerExit', progress: StopProgress, signal?: AbortSignal): Promise<Unproven[]> {
    this.stopPromise ??= this.doStop(by, progress, signal).finally(() => (this.stopPromise = undefined));
    return this.stopPromise;
  }

  /** The run never got to start: says why and keeps it in the list. */
  fail(message: string): void {
    this.end(
      { kind: 'ended', exit: { code: 1, process: undefined }, by: 'failedToStart', message, proven: true },
      Date.now(),
    );
  }

  dispose(): void {
    for (const { follower } of this.hosts) follower?.dispose();
  }

  private async doStop(
    by: 'stop' | 'workerExit',
    progress: StopProgress,
    signal?: AbortSignal,
  ): Promise<Unproven[]> {
    this.save({ stopAsked: this.stored.stopAsked ?? by });
    const report: StopProgress = (step, deadline) => {
      this.stopping = { step, deadline };
      progress(step, deadline);
      this.change();
    };
    try {
      const unproven = await stopRun(this.ssh, this.stored.plan, report, signal);
      if (unproven.length === 0) await this.endProven();
      return unproven;
    } finally {
      this.stopping = undefined;
      this.change();
    }
  }

  /** Nothing is left on any host: waits for the last bytes and records, then the run is over. */
  private async endProven(): Promise<void> {
    const isComplete = (): boolean =>
      deriveOutcome(this.stored.plan, this.records()).kind !== 'running' &&
      this.hosts.every((host) => host.settled);
    for (const deadline = Date.now() + LAST_RECORDS_MS; Date.now() < deadline && !isComplete();) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const outcome = deriveOutcome(this.stored.plan, this.records());
    // Proven empty: what has no exit record by now was killed together with its recorder, or never began.
    const endedAt = outcome.kind === 'ended' ? outcome.endedAt : Date.now();
    const exit = outcome.kind === 'ended' ? outcome.exit : { code: 137, process: undefined };
    this.end(this.endedState(exit, 'stop', []), endedAt);
  }

  private follow(host: HostState): void {
    if (host.follower !== undefined) return;
    host.follower = new HostFollower(
      this.ssh,
      this.id,
      host.plan,
      host.mirror,
      {
        onContact: (contact) => {
          host.contact = contact;
          this.change();
        },
        onBytes: (name, fresh) => this.take(host, name, fresh),
        onSynced: () => this.settle(host),
        onHeartbeat: () => this.settle(host),
        onGone: (id) => {
          host.gone.add(id);
          this.reread(host);
        },
        onMissing: () => {
          host.missing = true;
          for (const { id } of this.stored.plan.processes.filter(
            (process) => process.host === host.plan.name,
          ))
            host.gone.add(id);
          for (const { id } of host.records) host.gone.add(id);
          this.reread(host);
          this.settle(host);
        },
      },
      this.logger,
    );
    host.follower
      .follow()
      .catch((error: unknown) => this.logger.error(`following ${host.plan.name} ended`, error));
  }

  private take(
    host: HostState,
    name: string,
    fresh: { generation: number; offset: number; bytes: Buffer },
  ): void {
    if (name === 'clock') {
      this.clock.fire({ host: host.plan.name, offset: fresh.offset, bytes: fresh.bytes });
      return;
    }
    if (name.endsWith('.log')) {
      const worker = `${host.plan.name}/${name.slice(0, -'.log'.length)}`;
      this.bytes.fire({
        run: this.id,
        worker,
        offset: fresh.offset,
        generation: fresh.generation,
        bytes: fresh.bytes,
      });
    } else {
      host.settled = false;
    }
    this.reread(host);
  }

  private reread(host: HostState): void {
    host.records = readHostRecord(host.mirror, host.gone);
    this.change();
  }

  private settle(host: HostState): void {
    host.settled = true;
    this.checkOver();
  }

  private records(): Map<string, ProcessRecord[]> {
    return new Map(this.hosts.map(({ plan, records }) => [plan.name, records]));
  }

  /** Acts on what the hosts say: one worker failed, or all are over. */
  private checkOver(): void {
    if (this.isOver || this.stopping !== undefined || this.finishing || this.preparing !== undefined) return;
    const outcome = deriveOutcome(this.stored.plan, this.records());
    if (outcome.kind === 'running') {
      const failure = firstFailure(this.records());
      if (this.stored.plan.onWorkerExit === 'stop' && failure.code !== 0)
        this.inBackground(this.stopForWorker(failure));
      return;
    }
    if (this.hosts.every((host) => host.settled)) this.inBackground(this.finish(outcome));
  }

  private async stopForWorker(cause: RunExit): Promise<void> {
    this.finishing = true;
    if (this.stored.cause === undefined) this.save({ cause });
    try {
      await this.stop('workerExit', () => undefined);
    } finally {
      this.finishing = false;
    }
  }

  /** The run ended by itself; whatever it left behind is ended too, and its absence proved. */
  private async finish(outcome: Exclude<Outcome, { kind: 'running' }>): Promise<void> {
    this.finishing = true;
    try {
      const unproven = await stopRun(this.ssh, this.stored.plan, () => undefined);
      if (outcome.kind === 'gone') {
        this.end(outcome, Date.now());
        return;
      }
      this.end(this.endedState(outcome.exit, 'itself', unproven), outcome.endedAt);
    } finally {
      this.finishing = false;
    }
  }

  /** @param by who ended it, where nobody had asked for a stop. */
  private endedState(lastExit: RunExit, by: 'itself' | 'stop', unproven: readonly Unproven[]): FinalState {
    const exit = this.stored.cause ?? lastExit;
    const [host = '', id = ''] = exit.process?.split('/') ?? [];
    const left = unproven.map((one) => `not proven empty: ${one.host}: ${one.reason}`);
    const said = [explainExit(exit, this.mirror(host)?.path(`${id}.log`)), ...left];
    const message = said.filter((part) => part !== undefined).join('; ');
    return {
      kind: 'ended',
      exit,
      by: this.stored.stopAsked ?? by,
      ...(message === '' ? {} : { message }),
      proven: unproven.length === 0,
    };
  }

  private end(final: FinalState, endedAt: number): void {
    for (const host of this.hosts) {
      host.follower?.dispose();
      host.follower = undefined;
      host.contact = { kind: 'done' };
    }
    this.preparing = undefined;
    this.stopping = undefined;
    this.save({ final, endedAt });
    this.change();
  }

  private save(changes: Partial<StoredRun>): void {
    this.stored = { ...this.stored, ...changes };
    this.registry.save(this.stored);
  }

  private inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.logger.error(`run ${this.id}: ${describeError(error)}`, error));
  }

  private change(): void {
    this.cachedView = undefined;
    this.changed.fire(undefined);
  }

  private get state(): RunState {
    if (this.stored.final !== undefined) return this.stored.final;
    if (this.preparing !== undefined) return { kind: 'preparing', step: this.preparing };
    if (this.stopping !== undefined) return { kind: 'stopping', ...this.stopping };
    return { kind: 'running' };
  }

  private buildView(): RunView {
    const { id, number, launch, plan, startedAt, endedAt } = this.stored;
    return {
      id,
      number,
      launch,
      plan,
      state: this.state,
      contact: Object.fromEntries(this.hosts.map((host) => [host.plan.name, host.contact])),
      workers: deriveWorkers(plan, this.records()),
      startedAt,
      endedAt,
    };
  }
}
