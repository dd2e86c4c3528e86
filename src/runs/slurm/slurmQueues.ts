import type { Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { SshPool } from '../../ssh/connection';
import { LoginQueue, type Tracked } from './loginQueue';

/** A job that is being asked about. */
export interface Tracking extends Disposable {
  /** Asks soon, whoever looks: a record suggests that the job has ended. */
  urge(): void;
}

/** The queues of all controllers in use. */
export class SlurmQueues implements Disposable {
  private readonly queues = new Map<string, LoginQueue>();
  private lookers = 0;

  constructor(
    private readonly ssh: SshPool,
    private readonly logger: Logger,
  ) {}

  /** Somebody looks at runs, until the result is disposed; without anybody no queue is asked at intervals. */
  watch(): Disposable {
    this.lookers++;
    for (const queue of this.queues.values()) queue.schedule();
    let done = false;
    return {
      dispose: () => {
        if (!done) this.lookers--;
        done = true;
      },
    };
  }

  /** Asks about the job once, soon, and then as long as somebody looks, until the result is disposed. */
  track(job: Tracked): Tracking {
    const { target, bin, conf, cluster } = job.ref;
    const key = JSON.stringify([target, bin, conf, cluster]);
    const queue = this.queues.get(key) ?? new LoginQueue(this.ssh, this.logger, () => this.lookers > 0);
    this.queues.set(key, queue);
    queue.add(job);
    return {
      urge: () => queue.urge(job),
      dispose: () => {
        queue.remove(job);
        if (!queue.isEmpty) return;
        queue.dispose();
        if (this.queues.get(key) === queue) this.queues.delete(key);
      },
    };
  }

  dispose(): void {
    for (const queue of this.queues.values()) queue.dispose();
    this.queues.clear();
  }
}
