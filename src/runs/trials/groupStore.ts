import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../base/logger';
import { acquireLock, type Release } from '../../base/processLock';
import { writingState } from '../../base/stateDir';
import { StoredFiles } from '../storedFiles';
import type { StoredGroup } from './group';
import { parseGroup } from './groupSchema';

/** What somebody asks of a group that another process may be driving. */
export type GroupRequest = 'stop' | 'retryFailed';

const requests: readonly GroupRequest[] = ['stop', 'retryFailed'];
const LOOK_MS = 50;
/** Choosing slots takes seconds. */
const LONG_MS = 60_000;

/**
 * Groups known on this machine: `groups/<id>.json`, written by rename and only by the process that holds `<id>.lock`.
 * What others ask of it lies beside it as `<id>.<request>.<random>` until it has been written into the group.
 */
export class GroupStore {
  private readonly root: string;
  private readonly files: StoredFiles;

  constructor(
    private readonly stateDir: string,
    private readonly logger: Logger,
  ) {
    this.files = new StoredFiles(logger);
    this.root = join(stateDir, 'groups');
    writingState(stateDir, () => mkdirSync(this.root, { recursive: true, mode: 0o700 }));
  }

  ids(): string[] {
    return readdirSync(this.root).flatMap((name) => /^(.+)\.json$/.exec(name)?.[1] ?? []);
  }

  /** Undefined where there is none, or its file is damaged, which is told once. */
  read(id: string): StoredGroup | undefined {
    const file = this.file(id);
    const todo = `the group is not shown and starts no more trials; its runs go on. Put the file right, or remove it.`;
    return this.files.read(file, (text) => parseGroup(text, id), todo);
  }

  /** Changes with every write; undefined where there is no such group. */
  stamp(id: string): string | undefined {
    const found = statSync(this.file(id), { throwIfNoEntry: false });
    return found === undefined ? undefined : `${found.ino} ${found.mtimeMs} ${found.size}`;
  }

  save(group: StoredGroup): void {
    const temporary = `${this.file(group.id)}.${process.pid}`;
    writingState(this.stateDir, () => {
      writeFileSync(temporary, JSON.stringify(group, undefined, 1), { mode: 0o600 });
      renameSync(temporary, this.file(group.id));
    });
  }

  remove(id: string): void {
    rmSync(this.file(id), { force: true });
  }

  /** Makes this process the one that drives the group; undefined while another one does. */
  claim(id: string): Promise<Release | undefined> {
    return acquireLock(this.lockFile(id), 'all');
  }

  /** While it is held nobody else chooses slots. */
  async claimSlots(): Promise<Release> {
    const lock = join(this.root, 'slots.lock');
    for (let looks = 0; ; looks++) {
      const release = await acquireLock(lock, 'all');
      if (release !== undefined) return release;
      if (looks * LOOK_MS === LONG_MS)
        this.logger.warn(`waiting for whoever chooses slots; remove ${lock} where its machine is no more`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  request(id: string, request: GroupRequest): void {
    const name = `${id}.${request}.${randomBytes(6).toString('hex')}`;
    writingState(this.stateDir, () => writeFileSync(join(this.root, name), '', { mode: 0o600 }));
  }

  /** What has been asked of a group. {@link answered} forgets it, once it has been written into the group. */
  requests(id: string): { request: GroupRequest; file: string }[] {
    return readdirSync(this.root).flatMap((file) => {
      const request = requests.find((one) => file.startsWith(`${id}.${one}.`));
      return request === undefined ? [] : [{ request, file }];
    });
  }

  answered(file: string): void {
    rmSync(join(this.root, file), { force: true });
  }

  /** Names the process that drives the group. */
  lockFile(id: string): string {
    return join(this.root, `${id}.lock`);
  }

  private file(id: string): string {
    return join(this.root, `${id}.json`);
  }
}
