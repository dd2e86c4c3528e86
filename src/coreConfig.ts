import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Emitter } from './base/emitter';
import { isInside, refuseLinkOut } from './base/insideFolder';
import { withRemoteHostfile } from './config/clusterModel';
import { isTooLarge, largestText, tooLargeReason } from './config/largestText';
import type { ClusterModel, ConfigModel } from './config/model';
import { readConfig } from './config/readConfig';
import type { PracticeClient } from './practice/practiceClient';

interface Source {
  file: string;
  /** Overrides what is on disk, by absolute path. */
  text: ReadonlyMap<string, string>;
}

/** The present `rankwise.yaml` as a model; read again when the practice cluster's hosts come or go. */
export class CoreConfig {
  private model: ConfigModel | undefined;
  private source: Source | undefined;
  /** What hostfiles on heads said when they were last read, by cluster and path. */
  private readonly onHeads = new Map<string, string>();
  private turn = 0;
  private newest: Promise<void> | undefined;
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;

  /** @param mayReadOutside whether hostfiles outside of the folder of the `rankwise.yaml` may be read; asked at every reading */
  constructor(
    private readonly practice: PracticeClient,
    private readonly mayReadOutside: () => boolean = () => true,
  ) {}

  get current(): ConfigModel | undefined {
    return this.model;
  }

  async reload(file: string, text: ReadonlyMap<string, string> = new Map()): Promise<void> {
    this.source = { file, text };
    await this.refresh();
  }

  /** Reads the same file again. A reading that is overtaken by a newer one is dropped, and the newer one waited for. */
  async refresh(): Promise<void> {
    if (this.source === undefined) return;
    let awaited = (this.newest = this.read(this.source, ++this.turn));
    for (await awaited; awaited !== this.newest; await awaited) awaited = this.newest;
  }

  private async read({ file, text }: Source, turn: number): Promise<void> {
    const hosts = this.practice.state.kind === 'running' ? this.practice.hosts() : undefined;
    const model = await readConfig(file, configReader(file, text, this.mayReadOutside()), hosts);
    if (turn !== this.turn) return;
    this.model = { ...model, clusters: model.clusters.map((cluster) => this.withHostsOfHead(cluster)) };
    this.changed.fire();
  }

  /** Takes what the hostfile on a cluster's head says; its hosts are in the model from now on. */
  async setRemoteHostfile(cluster: ClusterModel, text: string): Promise<void> {
    this.onHeads.set(headKey(cluster), text);
    await this.refresh();
  }

  clear(): void {
    this.turn++;
    this.source = undefined;
    this.model = undefined;
    this.changed.fire();
  }

  private withHostsOfHead(cluster: ClusterModel): ClusterModel {
    const text = this.onHeads.get(headKey(cluster));
    return text === undefined ? cluster : withRemoteHostfile(cluster, text).cluster;
  }

  dispose(): void {
    this.turn++;
    this.changed.dispose();
  }
}

function headKey({ name, remoteHostfile = '' }: ClusterModel): string {
  return `${name}\n${remoteHostfile}`;
}

/**
 * Reads a `rankwise.yaml` and the files it names.
 * @param text what editors hold instead of what is on disk, by absolute path
 * @param mayReadOutside false where nobody has said that the folder is trusted: its files choose none of other folders
 */
export function configReader(
  file: string,
  text: ReadonlyMap<string, string> = new Map(),
  mayReadOutside = true,
): (path: string) => Promise<string> {
  const folder = dirname(file);
  return async (path) => {
    if (!mayReadOutside && !isInside(folder, path)) {
      throw new Error(`it lies outside of ${folder}, and this workspace is not trusted`);
    }
    // Who writes a path out of the folder means it; a link out of it is not seen by who writes its name.
    if (path !== file && isInside(folder, path)) refuseLinkOut(folder, path);
    const held = text.get(path);
    if (held === undefined) return readSmallFile(path);
    if (isTooLarge(held)) throw new Error(tooLargeReason(held.length, 'characters'));
    return held;
  };
}

/** The text of a file. Pipes, devices and large files would be read for ever, or fill the memory: they are refused. */
export async function readSmallFile(path: string): Promise<string> {
  // Without waiting (no word on Windows): a pipe would be opened, and some files of /proc be read, for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size > largestText) throw new Error(tooLargeReason(found.size, 'bytes'));
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
