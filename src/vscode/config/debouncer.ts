import type { Disposable } from '../../base/disposable';

/** Runs one action at a time, some time after it was last asked for; asked meanwhile, it runs once more. */
export class Debouncer implements Disposable {
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private again = false;
  private disposed = false;

  /** @param action must not throw */
  constructor(private readonly action: () => Promise<void>) {}

  /** Asks for the action in so many milliseconds, counted from the last call. */
  after(delayMs: number): void {
    if (this.disposed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), delayMs);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    try {
      await this.action();
    } finally {
      this.running = false;
      if (this.again) {
        this.again = false;
        this.after(0);
      }
    }
  }
}
