import { count } from '../../base/count';
import { Cancelled, describeError, RankwiseError, throwIfAborted } from '../../base/errors';
import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { ClusterModel, LaunchModel } from '../../config/model';
import { applyParameters } from '../../launch/parameters';
import { expandTrials } from '../../launch/trials';
import type { SshPool } from '../../ssh/connection';
import { skippingChecks, valuesOf, type LaunchOptions } from '../launchOptions';
import { newRunId } from '../runId';
import type { RunManager } from '../runManager';
import type { Unproven } from '../stopRun';
import { isGroupOver, type StoredGroup } from './group';
import { GroupDriver, type DriverContext } from './groupDriver';
import { GroupStore, type GroupRequest } from './groupStore';
import { groupView, type GroupView } from './groupView';
import { SlotFinder } from './slotFinder';

/** What other windows write is looked for this often. */
const LOOK_MS = 2000;
/** The process that drives a group takes a request up within a second or so, once it is not busy. */
const REQUEST_MS = 60_000;
const POLL_MS = 200;
const KEEP_EMPTY_MS = 86_400_000;

type Say = (message: string) => void;

/** The groups known on this machine, and the queues that this process drives. */
export class GroupManager implements Disposable {
  private readonly store: GroupStore;
  private readonly groups = new Map<string, { stamp: string | undefined; group: StoredGroup }>();
  private readonly drivers = new Map<string, GroupDriver>();
  private readonly changed = new Emitter<{ group: string }>();
  private readonly context: DriverContext;
  private readonly listening: Disposable;
  private timer: NodeJS.Timeout | undefined;
  private isDisposed = false;
  readonly onDidChange = this.changed.event;

  constructor(
    stateDir: string,
    private readonly runs: RunManager,
    ssh: SshPool,
    clusterNow: DriverContext['clusterNow'],
    private readonly logger: Logger,
  ) {
    this.store = new GroupStore(stateDir, logger);
    const slots = new SlotFinder(ssh, this.store, runs, logger);
    this.context = {
      store: this.store,
      runs,
      slots,
      clusterNow,
      logger,
      onChange: (group) => this.keep(group),
    };
    this.listening = runs.onDidChange(({ run }) => {
      const group = this.runs.get(run)?.view.group?.id;
      if (group !== undefined) this.changed.fire({ group });
    });
    this.refresh();
  }

  /** Newest first. */
  get all(): GroupView[] {
    return [...this.groups.values()]
      .map(({ group }) => this.view(group))
      .sort((a, b) => b.queuedAt - a.queuedAt);
  }

  get(id: string): GroupView | undefined {
    const known = this.groups.get(id);
    return known && this.view(known.group);
  }

  /** Ids of the runs of a group, in the order of its trials; undefined where it is none. */
  runsOf(id: string): string[] | undefined {
    return this.groups.get(id)?.group.trials.flatMap(({ run }) => run ?? []);
  }

  /**
   * Puts all trials of a launch in the queue and starts as many as may run at the same time. How each fares, also that its
   * start failed, is told by the group.
   * @throws RankwiseError `launch.unknownPreset`, `launch.unknownParameter`, `launch.badParameter` before anything is queued.
   */
  async start(
    launch: LaunchModel,
    cluster: ClusterModel,
    options: LaunchOptions,
    say: Say,
    signal?: AbortSignal,
  ): Promise<GroupView> {
    const values = valuesOf(launch, options);
    const trials = expandTrials(launch);
    // What is wrong with one of them is told before the first has run for hours.
    for (const trial of trials) applyParameters(launch, values, trial);
    const queuedAt = Date.now();
    const group: StoredGroup = {
      version: 1,
      id: newRunId(launch.name, queuedAt, options.name),
      ...(options.name === undefined ? {} : { name: options.name }),
      launch: skippingChecks(launch, options.skipChecks),
      cluster,
      values,
      queuedAt,
      trials: trials.map(({ id, label, values: own, repeat }) => ({
        id,
        label,
        values: own,
        repeat,
        state: 'queued',
        attempts: 0,
        queuedAt,
      })),
    };
    this.store.save(group);
    this.keep(group);
    say(`${count(trials.length, 'trial')} queued`);
    await this.drive(group.id);
    const giveUp = (): void => this.ask(group.id, 'stop');
    signal?.addEventListener('abort', giveUp, { once: true });
    await this.drivers.get(group.id)?.filled;
    signal?.removeEventListener('abort', giveUp);
    if (signal?.aborted === true) await this.stop(group.id, say);
    throwIfAborted(signal);
    return this.require(group.id);
  }

  /**
   * Stops the trials that run, with proof, and takes the others out of the queue.
   * @returns the hosts without proof.
   * @throws RankwiseError `group.unknown`; `group.noAnswer` where the window that drives the group does not let go; Cancelled.
   */
  async stop(id: string, say: Say, signal?: AbortSignal): Promise<Unproven[]> {
    const before = this.require(id);
    if (before.isOver) return [];
    this.ask(id, 'stop');
    await this.drive(id);
    say('taking trials out of the queue');
    const isLetGo = (): boolean =>
      this.store.requests(id).length === 0 &&
      this.require(id).trials.every(({ state }) => state !== 'queued' && state !== 'starting');
    await this.until(isLetGo, id, signal);
    const running = this.require(id).trials.filter(({ state }) => state === 'running');
    const unproven = await Promise.all(
      running.map(async ({ run, label }) => {
        if (run === undefined || this.runs.takeUp(run)?.isOver !== false) return [];
        return this.runs.stop(run, (step) => say(`${label}: ${step}`), signal);
      }),
    );
    const left = unproven.flat();
    if (left.length === 0) await this.until(() => this.require(id).isOver, id, signal);
    return left;
  }

  /** Puts the trials that failed in the queue again, and only those. @throws RankwiseError `group.unknown` */
  async retryFailed(id: string): Promise<GroupView> {
    this.require(id);
    this.ask(id, 'retryFailed');
    await this.drive(id);
    await this.until(() => this.store.requests(id).length === 0, id, undefined);
    return this.require(id);
  }

  /** From now on this process drives every group that is not over and that no other process drives. */
  resume(): void {
    if (this.timer !== undefined) return;
    const look = (): void => {
      this.refresh();
      for (const { group } of this.groups.values()) {
        if (isGroupOver(group) && this.store.requests(group.id).length === 0) continue;
        this.drive(group.id).catch((error: unknown) => this.logger.error(`group ${group.id}`, error));
      }
    };
    this.timer = setInterval(look, LOOK_MS);
    this.timer.unref();
    look();
  }

  /** Drives one group, or watches who does, until it is over. @throws Cancelled */
  async finished(id: string, signal?: AbortSignal): Promise<GroupView> {
    for (;;) {
      const group = this.require(id);
      if (group.isOver) return group;
      throwIfAborted(signal);
      await this.drive(id);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Reads what other windows have written. */
  refresh(): void {
    const ids = new Set(this.store.ids());
    for (const id of this.groups.keys()) {
      if (ids.has(id)) continue;
      this.groups.delete(id);
      this.changed.fire({ group: id });
    }
    for (const id of ids) {
      if (this.drivers.has(id) || this.store.stamp(id) === this.groups.get(id)?.stamp) continue;
      const group = this.store.read(id);
      if (group === undefined) continue;
      for (const { run } of group.trials) if (run !== undefined) this.runs.takeUp(run);
      this.keep(group);
    }
  }

  /** Forgets a group that is over; its runs stay as long as they are kept. @throws RankwiseError `group.notOver` */
  remove(id: string): void {
    if (!this.require(id).isOver)
      throw new RankwiseError('group.notOver', 'only a group that is over can be removed', {
        nextStep: 'Stop it first.',
      });
    this.store.remove(id);
    this.refresh();
  }

  /** Forgets groups that are over and of which no run is left; one of today may tell why none began. */
  forgetEmpty(): void {
    for (const { id, endedAt, trials } of this.all) {
      const isOld = endedAt !== undefined && Date.now() - endedAt > KEEP_EMPTY_MS;
      if (isOld && trials.every(({ view }) => view === undefined)) this.store.remove(id);
    }
    this.refresh();
  }

  dispose(): void {
    this.isDisposed = true;
    clearInterval(this.timer);
    this.listening.dispose();
    for (const driver of this.drivers.values()) driver.dispose();
    this.changed.dispose();
  }

  /** @throws RankwiseError `group.unknown` */
  private require(id: string): GroupView {
    if (!this.drivers.has(id)) this.refresh();
    const group = this.get(id);
    if (group !== undefined) return group;
    throw new RankwiseError('group.unknown', `there is no group ${id}`, {
      nextStep: 'List them with `runs`.',
    });
  }

  private ask(id: string, request: GroupRequest): void {
    this.store.request(id, request);
    this.drivers.get(id)?.look();
  }

  /** Becomes the process that drives a group, unless there is one. */
  private async drive(id: string): Promise<void> {
    if (this.drivers.has(id)) return;
    const release = await this.store.claim(id);
    if (release === undefined) return;
    const group = this.store.read(id);
    if (this.isDisposed || group === undefined) return release();
    const driver = new GroupDriver(group, this.context, release);
    this.drivers.set(id, driver);
    driver
      .drive()
      .catch((error: unknown) => {
        if (!(error instanceof Cancelled)) this.logger.error(`group ${id}: ${describeError(error)}`, error);
      })
      .finally(() => this.drivers.delete(id));
  }

  private async until(isSo: () => boolean, id: string, signal: AbortSignal | undefined): Promise<void> {
    for (const deadline = Date.now() + REQUEST_MS; !isSo();) {
      throwIfAborted(signal);
      if (Date.now() > deadline) {
        throw new RankwiseError('group.noAnswer', `the window that drives group ${id} does not answer`, {
          nextStep: `Close that window and try again. Where it was on a machine that is no more, remove ${this.store.lockFile(id)}.`,
        });
      }
      await this.drive(id);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private keep(group: StoredGroup): void {
    this.groups.set(group.id, { stamp: this.store.stamp(group.id), group });
    if (!this.isDisposed) this.changed.fire({ group: group.id });
  }

  private view(group: StoredGroup): GroupView {
    return groupView(group, (run) => this.runs.get(run)?.view);
  }
}
