import { Cancelled } from '../base/errors';
import { waitFor } from './waitFor';

/** One piece of work that several callers wait for. It is cancelled when the last of them gives up. */
export class SharedAttempt<T> {
  private readonly controller = new AbortController();
  /** For cleaning up; waiters use {@link wait}. */
  readonly done: Promise<T>;
  private waiters = 0;
  private settled = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.done = work(this.controller.signal).finally(() => (this.settled = true));
    // Whoever waits hears of a failure; with nobody left it is no news.
    this.done.catch(() => undefined);
  }

  /** Nobody may join any more: it was given up and is on its way out. */
  get cancelled(): boolean {
    return this.controller.signal.aborted;
  }

  /**
   * @param hold false: waiting does not keep the work going when everybody else gave up.
   * @throws whatever the work throws; Cancelled when the signal fires first or the work is given up.
   */
  async wait(signal: AbortSignal | undefined, hold = true): Promise<T> {
    if (hold) this.waiters++;
    try {
      return await waitFor(this.done, signal);
    } finally {
      if (hold) this.waiters--;
      if (this.waiters === 0 && !this.settled) this.cancel();
    }
  }

  cancel(): void {
    this.controller.abort(new Cancelled());
  }
}
