import { open } from 'node:fs/promises';
import { DisposableStore, type Disposable } from './base/disposable';
import { RankwiseError } from './base/errors';
import type { Logger } from './base/logger';
import { MetricsStore, type StoreOptions } from './metrics/metricsStore';
import type { RunMetrics } from './metrics/runMetrics';
import { storeOptions } from './metrics/storeOptions';
import type { HostMirror } from './runs/hostMirror';
import type { Run } from './runs/run';

const CHUNK_BYTES = 1 << 18;

interface Shared {
  store: MetricsStore;
  holders: number;
  ready: Promise<void>;
  subscriptions: DisposableStore;
}

/** Series of runs, parsed from the cached logs and then live; one parse per run however many pictures show it. */
export class CoreMetrics implements Disposable {
  private readonly open = new Map<string, Shared>();

  constructor(private readonly logger: Logger) {}

  /** Resolves once everything cached has been read. The result is to be disposed. */
  async of(run: Run): Promise<RunMetrics> {
    const shared = this.open.get(run.id) ?? this.begin(run);
    shared.holders++;
    await shared.ready;
    return heldView(shared.store, () => this.release(run.id, shared));
  }

  dispose(): void {
    for (const [id, shared] of this.open) this.close(id, shared);
  }

  private begin(run: Run): Shared {
    const subscriptions = new DisposableStore();
    const store = new MetricsStore(this.options(run));
    const loader = new Loader(run, store, this.logger);
    subscriptions.add(run.onBytes((bytes) => loader.live(`${bytes.worker}.log`, () => store.feed(bytes))));
    subscriptions.add(
      run.onClock(({ worker, bytes, offset }) =>
        loader.live(`${worker}.clock`, () => store.feedClock(worker, bytes, offset)),
      ),
    );
    subscriptions.add({ dispose: () => loader.dispose() });
    // A last line without a newline counts once nothing more can come.
    let ended = false;
    const endOnce = (): void => {
      if (ended || !run.isOver) return;
      ended = true;
      for (const log of store.logIds) store.end(log);
    };
    subscriptions.add(run.onDidChange(endOnce));
    const shared = { store, holders: 0, ready: loader.load().then(endOnce), subscriptions };
    this.open.set(run.id, shared);
    return shared;
  }

  /** A pattern that cannot be used takes no other number away. */
  private options(run: Run): StoreOptions {
    const { plan, workers } = run.view;
    try {
      return storeOptions(plan, workers);
    } catch (error) {
      if (!(error instanceof RankwiseError)) throw error;
      this.logger.warn(`${run.id}: ${error.message}`);
      return storeOptions({ ...plan, metrics: [] }, workers);
    }
  }

  private release(id: string, shared: Shared): void {
    if (--shared.holders === 0) this.close(id, shared);
  }

  private close(id: string, shared: Shared): void {
    if (this.open.get(id) === shared) this.open.delete(id);
    shared.subscriptions.dispose();
    shared.store.dispose();
  }
}

/** Feeds a store from the cache; a file becomes live when it has been read to its end. */
class Loader {
  private readonly isLive = new Set<string>();
  private loadedOnce = false;
  private disposed = false;

  constructor(
    private readonly run: Run,
    private readonly store: MetricsStore,
    private readonly logger: Logger,
  ) {}

  async load(): Promise<void> {
    await Promise.all(
      this.run.hosts.all.map(async ({ name: host, mirror }) => {
        // The clock first: points then know their time from the beginning.
        const isClock = (name: string): boolean => name.endsWith('.clock');
        const names = mirror.names.filter((name) => isClock(name) || name.endsWith('.log'));
        for (const name of names.sort((a, b) => Number(isClock(b)) - Number(isClock(a)))) {
          await this.loadFile(host, name, mirror);
        }
      }),
    );
    this.loadedOnce = true;
  }

  /** Hands on bytes that came just now, unless the file is still being read from the cache: then they come from there. */
  live(file: string, feed: () => void): void {
    if (!this.isLive.has(file)) {
      if (!this.loadedOnce) return;
      this.isLive.add(file);
    }
    try {
      feed();
    } catch (error) {
      if (!(error instanceof RankwiseError)) throw error;
      this.isLive.delete(file);
      this.logger.warn(`${this.run.id}: ${file} is read again from the cache: ${error.message}`);
      this.reload(file);
    }
  }

  dispose(): void {
    this.disposed = true;
  }

  private reload(file: string): void {
    const slash = file.lastIndexOf('/');
    const host = file.slice(0, slash);
    const mirror = this.run.mirror(host);
    if (mirror === undefined) return;
    this.loadFile(host, file.slice(slash + 1), mirror).catch((error: unknown) =>
      this.logger.error(`${file} cannot be read`, error),
    );
  }

  private async loadFile(host: string, name: string, mirror: HostMirror): Promise<void> {
    const handle = await open(mirror.path(name), 'r');
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (let offset = 0; !this.disposed;) {
        const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, offset);
        if (bytesRead > 0)
          this.feed(host, name, mirror.generation(name), offset, Buffer.from(buffer.subarray(0, bytesRead)));
        offset += bytesRead;
        // No await between this look and going live: nothing can slip in between.
        if (offset >= mirror.size(name)) {
          this.isLive.add(`${host}/${name}`);
          return;
        }
      }
    } finally {
      await handle.close();
    }
  }

  private feed(host: string, name: string, generation: number, offset: number, bytes: Buffer): void {
    if (name.endsWith('.clock')) {
      this.store.feedClock(`${host}/${name.slice(0, -'.clock'.length)}`, bytes, offset);
      return;
    }
    const worker = `${host}/${name.slice(0, -'.log'.length)}`;
    this.store.feed({ run: this.run.id, worker, offset, generation, bytes });
  }
}

/** The same series for each holder, disposed of apart. */
function heldView(store: MetricsStore, release: () => void): RunMetrics {
  let released = false;
  return {
    get workers() {
      return store.workers;
    },
    get names() {
      return store.names;
    },
    get slow() {
      return store.slow;
    },
    metrics: (worker) => store.metrics(worker),
    points: (worker, name, scope) => store.points(worker, name, scope),
    onDidChange: store.onDidChange,
    dispose() {
      if (!released) release();
      released = true;
    },
  };
}
