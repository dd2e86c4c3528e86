/**
 * Says when something that must not happen more often than once per interval may happen next: at once after a quiet
 * time, so that a single change is not held back.
 */
export class Pace {
  private last = -Infinity;

  /** @param now milliseconds on any clock that does not go back. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Milliseconds to wait from now, given the least time between two. */
  waitMs(intervalMs: number): number {
    return Math.max(0, this.last + intervalMs - this.now());
  }

  /** It happens now. */
  mark(): void {
    this.last = this.now();
  }
}
