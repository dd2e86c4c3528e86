import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { Logger } from '../base/logger';
import { readRecord, writeRecord, type ClusterRecord } from './clusterRecord';
import { ControlServer } from './controlServer';
import { makeHostHome } from './hostHome';
import { makeKeyPair } from './keyPair';
import { clearLeftovers, instanceMark, removeFiles } from './leftovers';
import type { Release } from '../base/processLock';
import { practiceHostNames, type PracticePaths } from './practicePaths';
import { startTimeOf } from '../base/processStart';
import { endProcesses, processesMarked } from './processes';
import { SshHost } from './sshHost';

export interface ClusterOptions {
  paths: PracticePaths;
  /** The lock that makes this the only cluster; given back at the end. */
  release: Release;
  trainingFile: string;
  logger: Logger;
  /** Called once, when nothing is left. */
  onStopped: () => void;
}

/** Four SSH hosts on loopback with their keys, homes and control socket. */
export class PracticeCluster {
  private readonly instance = randomUUID();
  private readonly hosts: SshHost[] = [];
  private control: ControlServer | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: ClusterOptions) {}

  /**
   * Removes what a dead predecessor left, then makes everything; the record is written when all ports listen. When
   * making fails, nothing is left either.
   */
  async start(): Promise<void> {
    await this.clearPredecessor();
    try {
      await this.make();
    } catch (error) {
      await this.remove();
      throw error;
    }
  }

  /** Whether a window looks on or a run is on its way. */
  isUsed(): boolean {
    return (
      (this.control?.windows ?? 0) > 0 ||
      processesMarked([instanceMark(this.instance), 'RANKWISE_RUN_ID=']).length > 0
    );
  }

  /** Whether the state file still names this cluster; it does not when somebody removed the directory. */
  async isPublished(): Promise<boolean> {
    return (await readRecord(this.options.paths.record).catch(() => undefined))?.instance === this.instance;
  }

  /**
   * Ends every process that the hosts ever started, proves it, then closes the ports and removes everything on disk.
   * When a process will not end, the windows are told and the cluster goes on. Asked twice, done once.
   */
  stop(reason: string): Promise<void> {
    this.stopping ??= this.end(reason).catch((error: unknown) => {
      this.options.logger.error('stopping failed', error);
      this.stopping = undefined;
    });
    return this.stopping;
  }

  private async clearPredecessor(): Promise<void> {
    const { paths } = this.options;
    const before = await readRecord(paths.record);
    const left = before === undefined ? [] : await clearLeftovers(paths, before);
    if (left.length > 0) {
      throw new Error(`processes of an earlier practice cluster do not end: ${left.join(', ')}`);
    }
    await removeFiles(paths);
  }

  private async make(): Promise<void> {
    const { paths, logger } = this.options;
    const user = userName();
    const client = makeKeyPair('rankwise practice');
    await writeFile(paths.identity, client.privateKey, { mode: 0o600 });
    await mkdir(paths.homes, { recursive: true, mode: 0o700 });
    const records: ClusterRecord['hosts'] = [];
    for (const name of practiceHostNames) {
      const key = makeKeyPair(name);
      const host = new SshHost({
        host: await makeHostHome(paths.homes, name, {
          instance: this.instance,
          user,
          trainingFile: this.options.trainingFile,
        }),
        user,
        hostKey: key.privateKey,
        clientKey: client.publicKey,
        logger,
        accepting: () => this.stopping === undefined,
      });
      this.hosts.push(host);
      records.push({ name, address: '127.0.0.1', port: await host.listen(), hostKey: key.publicKey });
    }
    const known = records.map(
      (host) => `[${host.address}]:${String(host.port)} ${host.hostKey} ${host.name}\n`,
    );
    await writeFile(paths.knownHosts, known.join(''), { mode: 0o600 });
    this.control = await ControlServer.listen(paths.directory, () => void this.stop('it was asked to'));
    await writeRecord(paths.record, {
      version: 1,
      pid: process.pid,
      startTime: startTimeOf(process.pid) ?? '',
      instance: this.instance,
      user,
      hosts: records,
      identityFile: paths.identity,
      knownHostsFile: paths.knownHosts,
      control: this.control.path,
    });
    logger.info(`listening: ${records.map((host) => `${host.name} on ${String(host.port)}`).join(', ')}`);
  }

  private async end(reason: string): Promise<void> {
    const { logger, onStopped } = this.options;
    logger.info(`stopping: ${reason}`);
    this.control?.tell({ event: 'stopping', reason });
    const left = await endProcesses(instanceMark(this.instance));
    if (left.length > 0) {
      logger.error(`processes that do not end: ${left.join(', ')}`);
      this.control?.tell({ event: 'stopFailed', pids: left });
      this.stopping = undefined;
      return;
    }
    await this.remove();
    onStopped();
  }

  private async remove(): Promise<void> {
    for (const host of this.hosts) host.close();
    await removeFiles(this.options.paths);
    await this.options.release();
    this.control?.tell({ event: 'stopped' });
    await this.control?.close();
  }
}

/** The account that runs this process; a container may have an id without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid${String(process.getuid?.() ?? 0)}`;
  }
}
