import { whenAborted } from '../base/whenAborted';
import { Cancelled, throwIfAborted } from '../base/errors';

interface Waiter {
  units: 'short' | 'long';
  grant: () => void;
}

/**
 * A number of slots with a queue, first come first served. Where `long` is less than the limit, holders that stay
 * for long (a follower, a terminal) leave the rest to short ones, so that a stop command never waits behind them.
 */
export class Slots {
  private readonly queue: Waiter[] = [];
  private used = 0;
  private usedLong = 0;

  constructor(
    private limit: number,
    private readonly longLimit = limit,
  ) {}

  get inUse(): number {
    return this.used;
  }

  /** Whether a long one would have to wait for another long one. */
  get longFull(): boolean {
    return this.usedLong >= this.longLimit;
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Resolves with the function that gives the slot back; calling it twice is harmless. @throws Cancelled */
  acquire(signal?: AbortSignal, units: Waiter['units'] = 'short'): Promise<() => void> {
    throwIfAborted(signal);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        units,
        grant: () => {
          stopListening();
          resolve(this.take(units));
        },
      };
      const stopListening = whenAborted(signal, () => {
        this.queue.splice(this.queue.indexOf(waiter), 1);
        reject(new Cancelled());
      });
      this.queue.push(waiter);
      this.serve();
    });
  }

  /** Lowers the limit to what is in use, at least one: the other side takes no more. */
  shrink(): void {
    this.limit = Math.max(1, Math.min(this.limit, this.used));
  }

  private take(units: Waiter['units']): () => void {
    this.used++;
    if (units === 'long') this.usedLong++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.used--;
      if (units === 'long') this.usedLong--;
      this.serve();
    };
  }

  private serve(): void {
    while (this.used < this.limit) {
      const index = this.queue.findIndex((one) => one.units === 'short' || this.usedLong < this.longLimit);
      const [waiter] = index < 0 ? [] : this.queue.splice(index, 1);
      if (waiter === undefined) return;
      waiter.grant();
    }
  }
}
