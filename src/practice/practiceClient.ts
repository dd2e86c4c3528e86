import { mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import { RankwiseError, describeError } from '../base/errors';
import type { Logger } from '../base/logger';
import { writingState } from '../base/stateDir';
import type { SshTarget } from '../ssh/target';
import { isAlive, readRecord, type ClusterRecord } from './clusterRecord';
import { ControlConnection } from './controlConnection';
import { clearDeadCluster } from './leftovers';
import { practicePaths, type PracticePaths } from './practicePaths';
import type { PracticeState } from './practiceState';
import { spawnCluster } from './spawnCluster';
import { requirePracticeSupport } from './support';

const startTimeoutMs = 20_000;
const pollMs = 50;

export interface PracticeHost {
  name: string;
  target: SshTarget;
  /** How the hosts reach each other. */
  peer: string;
  slots: number;
}

/**
 * The practice cluster as one window sees it: it starts and stops the process, notices when another window did, and
 * holds the control socket that keeps the cluster from ending as unused.
 */
export class PracticeClient implements Disposable {
  private readonly paths: PracticePaths;
  private readonly store = new DisposableStore();
  private readonly changed = new Emitter<void>();
  private current: PracticeState = { kind: 'stopped' };
  private link: { record: ClusterRecord; control: ControlConnection } | undefined;
  private turn: Promise<void> = Promise.resolve();
  private starting: Promise<void> | undefined;
  private disposed = false;

  readonly onDidChange = this.changed.event;

  /** Attaches by itself to a cluster that is already running (await {@link refresh} to know). */
  constructor(private readonly options: { stateDir: string; extensionPath: string; logger: Logger }) {
    this.paths = practicePaths(options.stateDir);
    this.watchRecord();
    void this.refresh();
  }

  get state(): PracticeState {
    return this.current;
  }

  /** Empty unless running. */
  hosts(): PracticeHost[] {
    const record = this.link?.record;
    if (record === undefined) return [];
    return record.hosts.map((host) => ({
      name: host.name,
      target: {
        host: host.address,
        user: record.user,
        port: host.port,
        identityFile: record.identityFile,
        isolated: { knownHostsFile: record.knownHostsFile },
      },
      peer: host.address,
      slots: 1,
    }));
  }

  /** Looks for a running cluster and attaches to it; clears up after one that died. Never throws: trouble is a state. */
  refresh(): Promise<void> {
    this.turn = this.turn.then(() =>
      this.attach().catch((error: unknown) =>
        this.setState({ kind: 'failed', reason: describeError(error) }),
      ),
    );
    return this.turn;
  }

  /**
   * Starts the cluster, or attaches to the one that runs.
   * @throws RankwiseError `practice.needsLinux`, `practice.startFailed`.
   */
  start(): Promise<void> {
    this.starting ??= this.launch().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /**
   * Ends every process on the hosts, then the cluster; nothing to do when none runs.
   * @throws RankwiseError `practice.stopFailed`.
   */
  async stop(): Promise<void> {
    await this.starting?.catch(() => undefined);
    await this.refresh();
    const link = this.link;
    if (link === undefined) return this.setState({ kind: 'stopped' });
    await link.control.stop();
    for (const start = performance.now(); isAlive(link.record); await delay(pollMs)) {
      if (performance.now() - start > startTimeoutMs) {
        throw new RankwiseError(
          'practice.stopFailed',
          `The practice cluster's process ${String(link.record.pid)} has not ended`,
          { nextStep: `See ${this.paths.log}.` },
        );
      }
    }
    this.detach();
    this.setState({ kind: 'stopped' });
  }

  /** Lets go of the cluster, which goes on while another window or a run needs it. */
  dispose(): void {
    this.disposed = true;
    this.detach();
    this.store.dispose();
    this.changed.dispose();
  }

  private async launch(): Promise<void> {
    requirePracticeSupport();
    await this.refresh();
    if (this.isAttached()) return;
    this.setState({ kind: 'starting' });
    try {
      const child = spawnCluster(
        join(this.options.extensionPath, 'dist', 'practice.cjs'),
        this.options.stateDir,
        this.paths,
      );
      for (const start = performance.now(); !this.isAttached(); await delay(pollMs)) {
        await this.refresh();
        child.throwIfFailed();
        if (performance.now() - start > startTimeoutMs) throw child.failure('it is not ready after 20 s');
      }
    } catch (error) {
      this.setState({ kind: 'failed', reason: describeError(error) });
      throw error;
    }
  }

  private async attach(): Promise<void> {
    if (this.isDisposed() || this.isAttached()) return;
    const record = await readRecord(this.paths.record);
    if (record === undefined) {
      // A failure stays visible until the next start.
      if (this.current.kind === 'running') this.setState({ kind: 'stopped' });
      return;
    }
    if (!isAlive(record)) return this.clearUp();
    const control = await ControlConnection.open(record.control).catch((error: unknown) => {
      this.options.logger.debug(
        `the practice cluster does not answer (it may be ending): ${describeError(error)}`,
      );
      return undefined;
    });
    if (control === undefined) return;
    if (this.isDisposed()) return control.dispose();
    this.link = { record, control };
    control.onClosed(({ expected }) => this.onLost(record, expected));
    this.setState({ kind: 'running', hosts: record.hosts.map((host) => host.name) });
  }

  private onLost(record: ClusterRecord, expected: boolean): void {
    this.detach();
    if (expected) return this.setState({ kind: 'stopped' });
    const reason = `The process of the practice cluster (${String(record.pid)}) ended unexpectedly; see ${this.paths.log}`;
    this.options.logger.error(reason);
    this.setState({ kind: 'failed', reason });
    void this.refresh();
  }

  private async clearUp(): Promise<void> {
    const left = await clearDeadCluster(this.paths);
    if (left.length === 0) return;
    const reason = `Processes of a practice cluster that died do not end: ${left.join(', ')}`;
    this.setState({ kind: 'failed', reason });
  }

  private isAttached(): boolean {
    return this.link !== undefined;
  }

  private isDisposed(): boolean {
    return this.disposed;
  }

  private detach(): void {
    this.link?.control.dispose();
    this.link = undefined;
  }

  private setState(state: PracticeState): void {
    if (this.disposed || JSON.stringify(state) === JSON.stringify(this.current)) return;
    this.current = state;
    this.changed.fire();
  }

  /** Another window may start the cluster at any time: its record appears by rename. */
  private watchRecord(): void {
    try {
      writingState(this.options.stateDir, () =>
        mkdirSync(this.paths.directory, { recursive: true, mode: 0o700 }),
      );
      const watcher = watch(this.paths.directory, { persistent: false }, (_event, name) => {
        if (name === 'state.json') void this.refresh();
      });
      watcher.on('error', (error) =>
        this.options.logger.warn(`cannot watch ${this.paths.directory}: ${error.message}`),
      );
      this.store.add({ dispose: () => watcher.close() });
    } catch (error) {
      this.options.logger.warn(
        `cannot watch ${this.paths.directory}, so a practice cluster started in another window is not noticed: ${describeError(error)}`,
      );
    }
  }
}
