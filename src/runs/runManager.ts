import { count } from '../base/count';
import { RankwiseError } from '../base/errors';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import { KeyedThrottle } from '../base/keyedThrottle';
import type { Logger } from '../base/logger';
import type { ClusterModel, LaunchModel } from '../config/model';
import { clusterMachines } from '../launch/machines';
import type { Plan } from '../launch/plan';
import type { SshPool } from '../ssh/connection';
import type { SshTarget } from '../ssh/target';
import { RunControl } from './control/runControl';
import { cleanRuns, type KeepRuns } from './leaves/cleanRuns';
import { readRecord, type KnownRecord } from './leaves/readRecord';
import { recordWorkspace } from './leaves/runRecord';
import type { StartOptions } from './launchOptions';
import type { RunView } from './model';
import { thisPreparer } from './preparer';
import { Registry, type StoredRun } from './registry';
import { removeDirectories } from './removeDirectories';
import { Run } from './run';
import { newRunId, startTimeOf } from './runId';
import { secretValues, type SecretSource } from './secrets';
import { settleStart } from './settleStart';
import type { EarlierRun } from './slurm/resolveAfter';
import { SlurmQueues } from './slurm/slurmQueues';
import { LaunchesUnderWay } from './start/launchesUnderWay';
import { planRun } from './start/planRun';
import { RunLaunch } from './start/runLaunch';
import type { LaunchInput } from './start/launchContext';
import type { StopProgress, Unproven } from './stopRun';
import type { KnownRun } from './sync/syncFiles';
import { UnseenEnds } from './unseenEnds';

/** Changes of one run within this time are told once. */
const BATCH_MS = 100;
/** Hosts that have not answered within this time are not waited for. */
const CAUGHT_UP_MS = 20_000;

/** All runs known on this machine: lists, starts, attaches, stops and forgets them. */
export class RunManager implements Disposable {
  private readonly registry: Registry;
  private readonly queues: SlurmQueues;
  private readonly controls = new Map<string, RunControl>();
  private readonly changed = new Emitter<{ run: string }>();
  private readonly underWay = new LaunchesUnderWay();
  private readonly unseenEnds = new UnseenEnds();
  private readonly changes = new KeyedThrottle(BATCH_MS, (ids) => {
    for (const run of ids) this.changed.fire({ run });
  });
  readonly onDidChange = this.changed.event;
  private isDisposed = false;

  constructor(
    stateDir: string,
    private readonly ssh: SshPool,
    private readonly logger: Logger,
    private readonly secretOf: SecretSource,
    private readonly mayRunGit: () => boolean = () => false,
  ) {
    this.registry = new Registry(stateDir, logger);
    this.queues = new SlurmQueues(ssh, logger);
    for (const stored of this.registry.list()) this.add(stored);
  }

  /** Newest first. */
  get all(): RunView[] {
    return this.runs.map((run) => run.view).sort((a, b) => b.startedAt - a.startedAt);
  }

  get(id: string): Run | undefined {
    return this.controls.get(id)?.run;
  }

  /** @throws RankwiseError `run.unknown`. */
  require(id: string): Run {
    return this.control(id).run;
  }

  attachAll(): void {
    for (const run of this.runs) run.attach();
  }

  /** See {@link RunControl.caughtUp}. @throws RankwiseError `run.unknown`. */
  caughtUp(id: string, timeoutMs: number): Promise<void> {
    return this.control(id).caughtUp(timeoutMs);
  }

  /**
   * The runs that ended while no window was open, each told once, when the hosts of the open ones have been asked. What ends
   * from now on is seen.
   */
  async endedWhileAway(): Promise<RunView[]> {
    const asked = [...this.controls.values()].filter(({ run }) => !run.isOver);
    await Promise.all(asked.map((control) => control.caughtUp(CAUGHT_UP_MS)));
    return this.unseenEnds.tell(this.runs);
  }

  /** Takes up the runs that other windows have begun since. */
  takeUpAll(): void {
    for (const id of this.registry.ids()) if (!this.controls.has(id)) this.takeUp(id);
  }

  /** The run, if it is known to this machine: another window may have begun it. It is followed from now on. */
  takeUp(id: string): Run | undefined {
    const known = this.get(id);
    if (known !== undefined) return known;
    const stored = this.registry.read(id);
    if (stored === undefined) return undefined;
    const { run } = this.add(stored);
    run.attach();
    return run;
  }

  /**
   * Makes sure that a run whose start was interrupted either runs or never will: on each host the start is taken away
   * where nobody has made it.
   * @returns whether it runs; where only some hosts had started it does not.
   * @throws RankwiseError of a host that does not answer.
   */
  async settleStart(run: Run): Promise<boolean> {
    const { taken } = await settleStart(this.ssh, run.view.plan);
    if (taken.length === 0) run.noteLaunched();
    return taken.length === 0;
  }

  /** Somebody looks at runs, until the result is disposed: only then are Slurm's queues asked at intervals. */
  watchQueues(): Disposable {
    return this.queues.watch();
  }

  /** Ends the runs whose hosts are all known to exist no more (a practice cluster that has ended). */
  endLost(isLost: (target: SshTarget) => boolean): void {
    for (const run of this.runs) {
      if (!run.isOver && run.view.plan.hosts.every(({ target }) => isLost(target))) run.endGone();
    }
  }

  /**
   * Takes runs found on a host into the list and follows them, unless they are known already.
   * @returns how many were new.
   */
  adopt(plans: readonly Plan[]): number {
    const fresh = plans.filter((plan) => !this.controls.has(plan.run));
    for (const plan of fresh) {
      // Another window of this machine may have begun it.
      const stored: StoredRun = this.registry.read(plan.run) ?? {
        version: 1,
        id: plan.run,
        number: this.registry.takeNumber(plan.launch),
        launch: plan.launch,
        plan,
        startedAt: startTimeOf(plan.run) ?? Date.now(),
      };
      const { run } = this.add(stored);
      run.file.save();
      run.attach();
    }
    return fresh.length;
  }

  /**
   * Gathers facts, plans, writes, copies, starts, and waits until every process has been seen started.
   * @throws RankwiseError before anything was written on a host, and then there is no run; or naming what failed, as the run
   * in the list does; Cancelled after stopping what had begun.
   */
  async launch(
    launch: LaunchModel,
    cluster: ClusterModel,
    options: StartOptions,
    say: (message: string) => void,
    signal?: AbortSignal,
  ): Promise<RunView> {
    const now = Date.now();
    const { id = newRunId(launch.name, now, options.name), name, group, queuedAt } = options;
    const input = { id, launch, cluster, newest: (other: string) => this.newest(other, id) };
    const replan: LaunchInput['replan'] = (signal) => planRun(this.ssh, input, signal);
    say(`Asking ${count(clusterMachines(cluster).length, 'host')}`);
    const { facts, plan } = await replan(signal);
    // Nothing was written on a host so far: what is refused up to here leaves no run.
    const secrets = await secretValues(plan, this.secretOf);
    const number = this.registry.takeNumber(launch.name);
    const control = this.add({
      version: 1,
      id,
      number,
      launch: launch.name,
      plan,
      startedAt: now,
      preparedBy: thisPreparer(),
      endSeen: false,
      ...(name === undefined ? {} : { name }),
      ...(group === undefined ? {} : { group }),
      ...(queuedAt === undefined ? {} : { queuedAt }),
    });
    const workspace = recordWorkspace(launch, this.mayRunGit(), group !== undefined);
    const { ssh, logger, registry, underWay, secretOf } = this;
    const started = new RunLaunch(
      control,
      { launch, cluster, facts, workspace, replan },
      { ssh, logger, registry, underWay, secretOf, knownRun: (other) => this.known(other) },
    );
    await underWay.carryOut(control.run, (stopped) => {
      const either = signal === undefined ? stopped : AbortSignal.any([signal, stopped]);
      return started.start(secrets, say, either);
    });
    return control.run.view;
  }

  /**
   * Stops a run and proves that nothing is left; one that is still being launched is given up first. One that is over is
   * looked at again until the proof has come.
   * @returns the hosts without proof.
   * @throws RankwiseError `run.unknown`; Cancelled.
   */
  async stop(id: string, progress: StopProgress, signal?: AbortSignal): Promise<Unproven[]> {
    const { run, stopper } = this.control(id);
    await this.underWay.giveUp(id, () => progress('giving up the launch', undefined));
    return run.file.isProven ? [] : stopper.stop('stop', progress, signal);
  }

  /** What a run was made of, and what it printed of its settings. @throws RankwiseError `run.unknown` */
  recordOf(id: string): Promise<KnownRecord> {
    return readRecord(this.registry, this.require(id));
  }

  /** Removes the runs that are not kept any longer, see {@link cleanRuns}. */
  clean(keep: KeepRuns): Promise<void> {
    return cleanRuns(this, keep, this.logger, () => !this.isDisposed);
  }

  /**
   * Forgets an ended run: its directories on the hosts, then its local cache.
   * @throws RankwiseError `run.notEnded`; a host's own error, and then the run stays in the list.
   */
  async remove(id: string): Promise<void> {
    const run = this.get(id);
    if (run === undefined) return;
    if (!run.isOver) {
      throw new RankwiseError('run.notEnded', 'only a run that has ended can be removed', {
        nextStep: 'Stop it first.',
      });
    }
    await removeDirectories(this.ssh, run.view.plan);
    run.dispose();
    this.controls.delete(id);
    this.registry.remove(id);
    this.changed.fire({ run: id });
  }

  dispose(): void {
    this.isDisposed = true;
    this.changes.dispose();
    for (const run of this.runs) run.dispose();
    this.queues.dispose();
    this.changed.dispose();
  }

  private get runs(): Run[] {
    return [...this.controls.values()].map(({ run }) => run);
  }

  /** @throws RankwiseError `run.unknown`. */
  private control(id: string): RunControl {
    const control = this.controls.get(id);
    if (control === undefined) throw new RankwiseError('run.unknown', `there is no run ${id}`);
    return control;
  }

  private known(id: string): KnownRun | undefined {
    const run = this.get(id);
    return run && { text: `#${run.view.number} of ${run.view.launch}`, isOver: run.isOver };
  }

  /** The newest run of a launch, but for one. */
  private newest(launch: string, besides: string): EarlierRun | undefined {
    const runs = this.runs.filter(({ id, view }) => view.launch === launch && id !== besides);
    const [run] = runs.sort((a, b) => b.view.number - a.view.number);
    return run && { view: run.view, jobId: run.jobId };
  }

  private add(stored: StoredRun): RunControl {
    const { ssh, logger } = this;
    const run = new Run(stored, this.registry, ssh, logger, this.queues);
    const control = new RunControl({ run, ssh, logger });
    run.onDidChange(() => {
      this.changes.changed(stored.id);
      this.unseenEnds.look(run);
    });
    this.controls.set(stored.id, control);
    this.changes.changed(stored.id);
    return control;
  }
}
