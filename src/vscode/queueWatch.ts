import type { Disposable } from '../base/disposable';
import type { Core } from '../core';

/** Lets Slurm's queues be asked while a view of runs is seen, and no longer. */
export class QueueWatch implements Disposable {
  private watch: Disposable | undefined;

  constructor(private readonly core: { readonly runs: Pick<Core['runs'], 'watchQueues'> }) {}

  setVisible(visible: boolean): void {
    if (!visible) this.dispose();
    else this.watch ??= this.core.runs.watchQueues();
  }

  dispose(): void {
    this.watch?.dispose();
    this.watch = undefined;
  }
}
