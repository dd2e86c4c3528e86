import type { Disposable } from './disposable';

/** Calls an action for keys that changed, each at most once per interval; the last change is never dropped. */
export class KeyedThrottle implements Disposable {
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly intervalMs: number,
    private readonly action: (keys: ReadonlySet<string>) => void,
  ) {}

  changed(key: string): void {
    this.pending.add(key);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const keys = new Set(this.pending);
      this.pending.clear();
      this.action(keys);
    }, this.intervalMs);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.pending.clear();
  }
}
