import { randomBytes } from 'node:crypto';
import { count } from '../base/count';
import { Cancelled, describeError, RankwiseError, throwIfAborted } from '../base/errors';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import { KeyedThrottle } from '../base/keyedThrottle';
import type { Logger } from '../base/logger';
import { gatherFacts } from '../cluster/gatherFacts';
import { withOtherFailures } from '../cluster/preflight/factsFailure';
import { findingLines } from '../cluster/preflight/findingText';
import type { ClusterModel, LaunchModel } from '../config/model';
import type { Facts } from '../launch/facts';
import { clusterMachines } from '../launch/machines';
import { planLaunch } from '../launch/planLaunch';
import type { Plan } from '../launch/plan';
import { runDirectory } from '../launch/runDirectory';
import type { SshPool } from '../ssh/connection';
import type { SshTarget } from '../ssh/target';
import { scriptError } from '../ssh/runScript';
import { lostText, refusedFor, type LostPort } from './again/lostPorts';
import { againText, lostAgainText, portsLost, portsLostTwice, startAgain } from './again/startAgain';
import { completePlan } from './completePlan';
import { cleanRuns, type KeepRuns } from './leaves/cleanRuns';
import { packageVersions } from './leaves/packageVersions';
import { readRecord, type KnownRecord } from './leaves/readRecord';
import { recordWorkspace } from './leaves/runRecord';
import type { StartOptions } from './launchOptions';
import type { RunView } from './model';
import { Registry, type StoredRun } from './registry';
import { thisPreparer } from './preparer';
import { Run } from './run';
import { newRunId, startTimeOf } from './runId';
import { settleStart } from './settleStart';
import { ownScriptOf } from './slurm/ownScript';
import { resolveAfter, type EarlierRun } from './slurm/resolveAfter';
import { SlurmQueues } from './slurm/slurmQueues';
import type { StopProgress, Unproven } from './stopRun';
import { secretValues, type SecretSource, type SecretValue } from './secrets';
import { startSupervisors } from './startRun';
import { prepareHosts, type Prepared as Ready } from './sync/prepareHosts';

/** Changes of one run within this time are told once. */
const BATCH_MS = 100;
const START_TIMEOUT_MS = 30_000;
/** A launch looks this often whether another window has asked for its stop. */
const STOP_NOTICED_MS = 1000;
/** Hosts that have not answered within this time are not waited for. */
const CAUGHT_UP_MS = 20_000;

/** The versions of packages are not waited for any longer. */
const VERSIONS_MS = 20_000;

type Say = (message: string) => void;

/** What a run is started with. */
interface Prepared {
  launch: LaunchModel;
  cluster: ClusterModel;
  facts: Facts;
  workspace: ReturnType<typeof recordWorkspace>;
  /** Gathers facts and makes the plan, the same each time but for what the hosts say. */
  replan: (signal: AbortSignal | undefined) => Promise<{ facts: Facts; plan: Plan }>;
}

/** All runs known on this machine: lists, starts, attaches, stops and forgets them. */
export class RunManager implements Disposable {
  private readonly registry: Registry;
  private readonly queues: SlurmQueues;
  private readonly runs = new Map<string, Run>();
  private readonly changed = new Emitter<{ run: string }>();
  private readonly launching = new Map<string, { abort: AbortController; settled: Promise<void> }>();
  private readonly changes = new KeyedThrottle(BATCH_MS, (ids) => {
    for (const run of ids) this.changed.fire({ run });
  });
  readonly onDidChange = this.changed.event;
  private readonly openedAt = Date.now();
  /** A person looks at this process: what they saw end is no news at the next start. */
  private isWindow = false;
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
    return [...this.runs.values()].map((run) => run.view).sort((a, b) => b.startedAt - a.startedAt);
  }

  get(id: string): Run | undefined {
    return this.runs.get(id);
  }

  /** @throws RankwiseError `run.unknown`. */
  require(id: string): Run {
    const run = this.runs.get(id);
    if (run === undefined) throw new RankwiseError('run.unknown', `there is no run ${id}`);
    return run;
  }

  attachAll(): void {
    for (const run of this.runs.values()) run.attach();
  }

  /**
   * The runs that ended while no window was open, each told once, when the hosts of the open ones have been asked. What ends
   * from now on is seen.
   */
  async endedWhileAway(): Promise<RunView[]> {
    const asked = [...this.runs.values()].filter(({ isOver }) => !isOver);
    await Promise.all(asked.map((run) => run.caughtUp(CAUGHT_UP_MS)));
    const unseen = [...this.runs.values()].filter((run) => run.isEndUnseen);
    const away = unseen.filter(({ view }) => (view.endedAt ?? 0) < this.openedAt).map(({ view }) => view);
    this.isWindow = true;
    for (const run of unseen) run.noteEndSeen();
    return away;
  }

  /** Takes up the runs that other windows have begun since. */
  takeUpAll(): void {
    for (const id of this.registry.ids()) if (!this.runs.has(id)) this.takeUp(id);
  }

  /** The run, if it is known to this machine: another window may have begun it. It is followed from now on. */
  takeUp(id: string): Run | undefined {
    const known = this.runs.get(id);
    if (known !== undefined) return known;
    const stored = this.registry.read(id);
    if (stored === undefined) return undefined;
    const run = this.add(stored);
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
    for (const run of this.runs.values()) {
      if (run.view.plan.hosts.every(({ target }) => isLost(target))) run.endWithHosts();
    }
  }

  /**
   * Takes runs found on a host into the list and follows them, unless they are known already.
   * @returns how many were new.
   */
  adopt(plans: readonly Plan[]): number {
    const fresh = plans.filter((plan) => !this.runs.has(plan.run));
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
      const run = this.add(stored);
      run.store();
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
    say: Say,
    signal?: AbortSignal,
  ): Promise<RunView> {
    const machines = clusterMachines(cluster);
    const now = Date.now();
    const { id = newRunId(launch.name, now, options.name), name, group, queuedAt } = options;
    const replan: Prepared['replan'] = async (signal) => {
      const nonce = randomBytes(6).toString('hex');
      const facts = await gatherFacts(this.ssh, machines, nonce, signal).catch(async (error: unknown) => {
        throw await withOtherFailures(this.ssh, launch, cluster, error, signal);
      });
      throwIfAborted(signal);
      const resolved = resolveAfter(launch, cluster, (name) => this.newest(name, id));
      const script = ownScriptOf(launch);
      const plan = completePlan(planLaunch({ run: id, launch: resolved, cluster, facts, ...script }));
      return { facts, plan };
    };
    say(`Asking ${count(machines.length, 'host')}`);
    const { facts, plan } = await replan(signal);
    // Nothing was written on a host so far: what is refused up to here leaves no run.
    const secrets = await secretValues(plan, this.secretOf);
    const number = this.registry.takeNumber(launch.name);
    const run = this.add({
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
    const what = { launch, cluster, facts, workspace, replan };
    await this.asLaunch(run, (stopped) => {
      const either = signal === undefined ? stopped : AbortSignal.any([signal, stopped]);
      return this.start(run, what, secrets, say, either);
    });
    return run.view;
  }

  /** A stop gives up what is under way, and waits for that; one from another window is noticed after a moment. */
  private async asLaunch<T>(run: Run, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { id } = run;
    const abort = new AbortController();
    const watch = setInterval(() => {
      if (run.isStopNoted) abort.abort();
    }, STOP_NOTICED_MS);
    const work = task(abort.signal);
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.launching.set(id, { abort, settled });
    try {
      return await work;
    } finally {
      clearInterval(watch);
      this.launching.delete(id);
    }
  }

  /**
   * Stops a run and proves that nothing is left; one that is still being launched is given up first. One that is over is
   * looked at again until the proof has come.
   * @returns the hosts without proof.
   * @throws RankwiseError `run.unknown`; Cancelled.
   */
  async stop(id: string, progress: StopProgress, signal?: AbortSignal): Promise<Unproven[]> {
    const run = this.require(id);
    const launching = this.launching.get(id);
    if (launching !== undefined) {
      progress('giving up the launch', undefined);
      launching.abort.abort();
      await launching.settled;
    }
    return run.isProven ? [] : run.stop('stop', progress, signal);
  }

  private async start(
    run: Run,
    what: Prepared,
    secrets: readonly SecretValue[],
    say: Say,
    signal: AbortSignal,
  ): Promise<void> {
    const step = (message: string): void => {
      throwIfAborted(signal);
      if (run.isStopNoted) throw new Cancelled();
      say(message);
      run.setPreparing(message);
    };
    let mayRun = false;
    try {
      run.store();
      const onSetup = (): void => void (mayRun = true);
      const { ready, lost } = await this.prepare(run, what, { step, onSetup, signal });
      const { findings, baselines, commit } = ready;
      const { plan } = run.view;
      const warnings = findingLines(findings.filter(({ severity }) => severity === 'warning'));
      for (const warning of warnings) step(`Warning: ${warning}`);
      run.notePrepared({
        warnings: [...(lost.length === 0 ? [] : [againText(lost, plan)]), ...findingLines(findings)],
        baselines,
        ...(commit === undefined ? {} : { commit }),
      });
      step('Starting');
      mayRun = true;
      const recorded = this.record(run, what, signal);
      // Followed from before the start, so that the first line is not waited for.
      run.attach();
      await startSupervisors(this.ssh, plan, secrets, signal);
      if (!(await run.started(START_TIMEOUT_MS, signal))) {
        throw new RankwiseError('run.notStarted', 'not every process was seen starting within 30 s', {
          nextStep: 'Look at the run directories under ~/.rankwise/runs on the hosts.',
        });
      }
      throwIfAborted(signal);
      if (plan.chosenPorts.length > 0) run.startAgain = () => this.startAgain(run, what, lost.length > 0);
      run.setPreparing(undefined);
      await recorded;
    } catch (error) {
      await this.abandon(run, error, mayRun);
      throw error;
    }
  }

  /** Prepares the hosts; where a chosen port was lost meanwhile, once more with another plan. */
  private async prepare(
    run: Run,
    what: Prepared,
    how: { step: Say; onSetup: () => void; signal: AbortSignal },
  ): Promise<{ ready: Ready; lost: LostPort[] }> {
    const attempt = (facts: Facts): Promise<Ready> =>
      prepareHosts({
        ...what,
        ...how,
        facts,
        ssh: this.ssh,
        plan: run.view.plan,
        knownRun: (id) => this.known(id),
        setupLog: (host) => this.registry.setupLog(run.id, host),
      });
    try {
      return { ready: await attempt(what.facts), lost: [] };
    } catch (error) {
      const lost = refusedFor(error, run.view.plan);
      if (lost.length === 0) throw error;
      how.step(`Choosing another port: ${lostText(lost)}`);
      const { facts, plan } = await what.replan(how.signal);
      run.replan(plan);
      const ready = await attempt(facts).catch((again: unknown) => {
        const lostToo = refusedFor(again, plan);
        throw lostToo.length === 0 ? again : portsLostTwice(what.launch.name, lost, lostToo);
      });
      return { ready, lost };
    }
  }

  /**
   * A run has failed because it could not listen, and nothing of it is left: it is started once more where its port was
   * ours and somebody else has it.
   * @returns as {@link Run.startAgain}.
   */
  private async startAgain(run: Run, what: Prepared, isSecond: boolean): Promise<true | string | undefined> {
    return this.asLaunch(run, async (signal) => {
      const lost = await portsLost(run, this.ssh, signal);
      if (lost.length === 0) return undefined;
      if (isSecond) return lostAgainText(lost);
      run.startAgain = () => this.startAgain(run, what, true);
      run.setPreparing(`Choosing another port: ${lostText(lost)}`);
      try {
        const isStarted = await startAgain(run, lost, {
          ssh: this.ssh,
          replan: async () => (await what.replan(signal)).plan,
          secrets: (plan) => secretValues(plan, this.secretOf),
          signal,
        });
        return isStarted ? true : undefined;
      } catch (error) {
        await this.abandon(run, error, true);
        return true;
      } finally {
        run.setPreparing(undefined);
      }
    });
  }

  /** Writes down what the run is made of. Never throws: a run is worth more than its record. */
  private async record(run: Run, what: Prepared, signal: AbortSignal): Promise<void> {
    const { launch, cluster, facts, workspace } = what;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(VERSIONS_MS)]);
    try {
      const packages = await packageVersions(this.ssh, launch, cluster, run.view.plan.hosts, facts, limit);
      this.registry.saveRecord(run.id, { ...(await workspace), packages });
    } catch (error) {
      this.logger.error(`the record of ${run.id} cannot be written`, error);
    }
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
   * Keeps a run that did not start in the list, with the reason. Where something may run already it is stopped; without
   * proof that nothing is left the run stays open, so that it can be stopped again.
   */
  private async abandon(run: Run, error: unknown, mayRun: boolean): Promise<void> {
    if (mayRun) {
      const unproven = await run.stop('stop', () => undefined);
      if (unproven.length > 0) {
        run.setPreparing(undefined);
        run.attach();
        return;
      }
    } else {
      await this.removeDirectories(run).catch((failure: unknown) =>
        this.logger.warn(`what was written for ${run.id} may be left: ${describeError(failure)}`),
      );
    }
    run.endUnstarted(error instanceof Cancelled ? undefined : describeError(error));
  }

  /**
   * Forgets an ended run: its directories on the hosts, then its local cache.
   * @throws RankwiseError `run.notEnded`; a host's own error, and then the run stays in the list.
   */
  async remove(id: string): Promise<void> {
    const run = this.runs.get(id);
    if (run === undefined) return;
    if (!run.isOver) {
      throw new RankwiseError('run.notEnded', 'only a run that has ended can be removed', {
        nextStep: 'Stop it first.',
      });
    }
    await this.removeDirectories(run);
    run.dispose();
    this.runs.delete(id);
    this.registry.remove(id);
    this.changed.fire({ run: id });
  }

  /** The practice cluster's homes go with it: there is nothing to remove when it is not there. */
  private async removeDirectories({ id, view }: Run): Promise<void> {
    await Promise.all(
      view.plan.hosts.map(async ({ name, target }) => {
        try {
          const connection = await this.ssh.connect(target);
          const result = await connection.exec(`rm -rf ${runDirectory(id)}`);
          if (result.code !== 0) throw scriptError(name, 'Removing the run directory', result);
        } catch (error) {
          if (target.isolated === undefined) throw error;
        }
      }),
    );
  }

  dispose(): void {
    this.isDisposed = true;
    this.changes.dispose();
    for (const run of this.runs.values()) run.dispose();
    this.queues.dispose();
    this.changed.dispose();
  }

  private known(id: string): { text: string; isOver: boolean } | undefined {
    const run = this.runs.get(id);
    return run === undefined
      ? undefined
      : { text: `#${run.view.number} of ${run.view.launch}`, isOver: run.isOver };
  }

  /** The newest run of a launch, but for one. */
  private newest(launch: string, besides: string): EarlierRun | undefined {
    const runs = [...this.runs.values()].filter(({ id, view }) => view.launch === launch && id !== besides);
    const [run] = runs.sort((a, b) => b.view.number - a.view.number);
    return run === undefined ? undefined : { view: run.view, jobId: run.jobId };
  }

  private add(stored: StoredRun): Run {
    const run = new Run(stored, this.registry, this.ssh, this.logger, this.queues);
    run.onDidChange(() => {
      this.changes.changed(stored.id);
      if (this.isWindow && run.isEndUnseen) run.noteEndSeen();
    });
    this.runs.set(stored.id, run);
    this.changes.changed(stored.id);
    return run;
  }
}
