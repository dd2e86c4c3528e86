import { Cancelled, describeError, RankwiseError } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { Release } from '../../base/processLock';
import type { ClusterModel } from '../../config/model';
import type { Run } from '../run';
import { newRunId } from '../runId';
import type { TrialSlot } from '../runGroup';
import type { RunManager } from '../runManager';
import { isGroupOver, parallelOf, setUpsAtOnce, type StoredGroup, type StoredTrial } from './group';
import type { GroupStore } from './groupStore';
import type { SlotFinder } from './slotFinder';
import { trialEnd } from './trialEnd';
import { trialRun } from './trialRun';
import { waitsForHost } from './waitsForHost';

/** Requests of other processes are looked for this often; changes of runs wake the driver at once. */
const LOOK_MS = 1000;
/** A host that could not be reached is tried again after this time. */
const AGAIN_MS = 30_000;

/** Values of a trial that ask for more than the cluster has. */
const tooMuch: readonly string[] = ['launch.notEnoughHosts', 'launch.notEnoughSlots'];

export interface DriverContext {
  store: GroupStore;
  runs: RunManager;
  slots: SlotFinder;
  /** The cluster with its hosts as they are reached today (the practice cluster's change with each start of it). */
  clusterNow: (cluster: ClusterModel) => Promise<ClusterModel>;
  logger: Logger;
  /** The group was written. */
  onChange: (group: StoredGroup) => void;
}

/**
 * Starts the trials of one group, as many as may run at the same time, and notes how they end. Only one process drives a
 * group; everything is written down before it is done, so that another one can go on from there.
 */
export class GroupDriver implements Disposable {
  private readonly starting = new Map<string, AbortController>();
  /** Trials and hosts that are not tried before that time, in milliseconds since the epoch. */
  private readonly notBefore = new Map<string, number>();
  private readonly listening: Disposable;
  private wake: () => void = () => undefined;
  private isDisposed = false;
  private filledOnce: () => void = () => undefined;
  /** Resolves when everything that can be started now has been, or could not be. */
  readonly filled = new Promise<void>((resolve) => (this.filledOnce = resolve));

  constructor(
    private group: StoredGroup,
    private readonly context: DriverContext,
    private readonly release: Release,
  ) {
    this.listening = context.runs.onDidChange(({ run }) => {
      if (this.group.trials.some((trial) => trial.run === run)) this.wake();
    });
  }

  /** Drives the group until it is over or this is disposed. */
  async drive(): Promise<void> {
    const { runs } = this.context;
    try {
      for (const { run } of this.group.trials) if (run !== undefined) runs.get(run)?.attach();
      while (!this.isDisposed) {
        this.answerRequests();
        this.recoverStarts();
        this.lookAtRuns();
        const hasStarted = await this.startMore();
        if (!hasStarted && this.starting.size === 0) this.filledOnce();
        if (isGroupOver(this.group) && this.context.store.requests(this.group.id).length === 0) return;
        await this.woken();
      }
    } finally {
      this.filledOnce();
      this.listening.dispose();
      await this.release();
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.wake();
  }

  /** Looks for requests now. */
  look(): void {
    this.wake();
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private answerRequests(): void {
    const { store } = this.context;
    for (const { request, file } of store.requests(this.group.id)) {
      if (request === 'stop') {
        for (const trial of this.inState('queued')) this.note(trial.id, stoppedNow());
        for (const abort of this.starting.values()) abort.abort();
      } else {
        for (const trial of this.inState('failed')) this.note(trial.id, queuedNow());
      }
      store.answered(file);
    }
  }

  private lookAtRuns(): void {
    const { runs } = this.context;
    for (const trial of this.inState('running')) {
      const run = trial.run === undefined ? undefined : runs.takeUp(trial.run);
      const end =
        run === undefined
          ? { state: 'failed' as const, message: 'its run was removed', endedAt: Date.now() }
          : trialEnd(run.view);
      const startedAt = run?.view.times?.startedAt;
      if (end !== undefined) this.note(trial.id, end);
      else if (startedAt !== trial.startedAt) this.note(trial.id, { startedAt });
    }
  }

  /** Starts that another process began and did not see through. */
  private recoverStarts(): void {
    for (const trial of this.inState('starting')) {
      if (this.starting.has(trial.id) || !this.mayTry(trial.id)) continue;
      this.starting.set(trial.id, new AbortController());
      this.inBackground(trial.id, this.recover(trial));
    }
  }

  private inBackground(trial: string, work: Promise<void>): void {
    work
      .catch((error: unknown) => this.context.logger.error(`trial ${trial} of ${this.group.id}`, error))
      .finally(() => {
        this.starting.delete(trial);
        this.wake();
      });
  }

  private async recover(trial: StoredTrial): Promise<void> {
    const { runs, logger } = this.context;
    try {
      const run = trial.run === undefined ? undefined : runs.takeUp(trial.run);
      const isRunning = run !== undefined && (await this.isRunning(run));
      logger.info(`${trial.run ?? trial.id}: ${isRunning ? 'taken up' : 'its start was interrupted; again'}`);
      this.note(trial.id, isRunning ? { state: 'running', message: undefined } : queuedNow(trial));
    } catch (error) {
      this.tryLater(trial.id);
      this.note(trial.id, { message: describeError(error) });
    }
  }

  /** A run that never got to start is taken away for good. @throws RankwiseError where a host does not say */
  private async isRunning(run: Run): Promise<boolean> {
    const { runs, logger } = this.context;
    if (run.isOver) return run.view.times?.startedAt !== undefined;
    if (await runs.settleStart(run)) return true;
    const [unproven] = await runs.stop(run.id, () => undefined);
    if (unproven !== undefined)
      throw new RankwiseError('run.unproven', `${unproven.host}: ${unproven.reason}`, {
        host: unproven.host,
      });
    await runs
      .remove(run.id)
      .catch((error: unknown) => logger.warn(`${run.id} may be left: ${describeError(error)}`));
    return false;
  }

  /** @returns whether a start was begun. */
  private async startMore(): Promise<boolean> {
    const waiting = this.inState('queued').filter(({ id }) => this.mayTry(id));
    const setUps = setUpsAtOnce(this.group.launch) - this.starting.size;
    const parallel = parallelOf(this.group);
    if (waiting.length === 0 || setUps <= 0) return false;
    if (parallel === 'slots') return this.startOnSlots(waiting.slice(0, setUps));
    const active = this.inState('starting').length + this.inState('running').length;
    const next = waiting.slice(0, Math.max(0, Math.min(setUps, parallel - active)));
    for (const trial of next) this.begin(trial, undefined);
    return next.length > 0;
  }

  private async startOnSlots(waiting: readonly StoredTrial[]): Promise<boolean> {
    const release = await this.context.store.claimSlots();
    try {
      const free = await this.context.slots.free(this.group, (host) => this.mayTry(`host ${host}`));
      const pairs = waiting.flatMap((trial, index) => {
        const slot = free[index];
        return slot === undefined ? [] : [{ trial, slot }];
      });
      for (const { trial, slot } of pairs) this.begin(trial, slot);
      return pairs.length > 0;
    } finally {
      await release();
    }
  }

  /** Writes down what is about to be started, then starts it. */
  private begin(trial: StoredTrial, slot: TrialSlot | undefined): void {
    const { launch } = this.group;
    const now = Date.now();
    const run = newRunId(launch.name, now, trial.id);
    const abort = new AbortController();
    this.starting.set(trial.id, abort);
    this.note(trial.id, {
      state: 'starting',
      run,
      slot,
      setUpAt: now,
      startedAt: undefined,
      endedAt: undefined,
      message: undefined,
      attempts: trial.attempts + 1,
    });
    this.inBackground(trial.id, this.start(trial, run, slot, abort.signal));
  }

  private async start(
    trial: StoredTrial,
    id: string,
    slot: TrialSlot | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const { runs, logger, clusterNow } = this.context;
    const say = (message: string): void => logger.debug(`${id}: ${message}`);
    try {
      const cluster = await clusterNow(this.group.cluster);
      const what = trialRun(this.group, cluster, trial, slot);
      const options = { id, name: this.group.name, group: what.group, queuedAt: trial.queuedAt };
      const { times } = await runs.launch(what.launch, what.cluster, options, say, signal);
      this.note(trial.id, { state: 'running', startedAt: times?.startedAt });
    } catch (error) {
      this.noteFailure(trial, id, slot, error);
    }
  }

  private noteFailure(trial: StoredTrial, id: string, slot: TrialSlot | undefined, error: unknown): void {
    // A core that is being thrown away says nothing of the trial; whoever comes next looks at its hosts.
    if (this.isDisposed) return;
    const message = describeError(error);
    const run = this.context.runs.get(id);
    if (run !== undefined && !run.isOver) this.note(trial.id, { state: 'running', message });
    else if (error instanceof Cancelled) this.note(trial.id, stoppedNow());
    else if (waitsForHost(error) && this.mayBecomeReachable(slot)) {
      this.tryLater(trial.id);
      if (slot !== undefined) {
        this.notBefore.delete(trial.id);
        this.tryLater(`host ${slot.host}`);
      }
      this.note(trial.id, { ...queuedNow(trial), message });
    } else {
      const isTooMuch = error instanceof RankwiseError && tooMuch.includes(error.code);
      this.note(trial.id, { state: isTooMuch ? 'skipped' : 'failed', message, endedAt: Date.now() });
    }
  }

  /** A cluster that has answered before is waited for; one that never has may not exist. */
  private mayBecomeReachable(slot: TrialSlot | undefined): boolean {
    const hasAnswered = this.group.trials.some(({ startedAt }) => startedAt !== undefined);
    const others = this.group.cluster.hosts.filter(({ name }) => name !== slot?.host);
    return hasAnswered || (slot !== undefined && others.some(({ name }) => this.mayTry(`host ${name}`)));
  }

  private mayTry(key: string): boolean {
    return Date.now() >= (this.notBefore.get(key) ?? 0);
  }

  private tryLater(key: string): void {
    this.notBefore.set(key, Date.now() + AGAIN_MS);
  }

  private inState(state: StoredTrial['state']): StoredTrial[] {
    return this.group.trials.filter((trial) => trial.state === state);
  }

  /** Written at once: what comes next relies on it. */
  private note(id: string, changes: Partial<StoredTrial>): void {
    const trials = this.group.trials.map((trial) => (trial.id === id ? { ...trial, ...changes } : trial));
    this.group = { ...this.group, trials };
    this.context.store.save(this.group);
    this.context.onChange(this.group);
  }
}

function stoppedNow(): Partial<StoredTrial> {
  return { state: 'stopped', endedAt: Date.now() };
}

/** Waiting for its turn, anew or as before. */
function queuedNow(before?: StoredTrial): Partial<StoredTrial> {
  return {
    state: 'queued',
    run: undefined,
    slot: undefined,
    message: undefined,
    queuedAt: before?.queuedAt ?? Date.now(),
    setUpAt: undefined,
    startedAt: undefined,
    endedAt: undefined,
  };
}
