import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Core } from '../core';
import type { RunView } from '../runs/model';

/** What is new about a run; `before` is undefined when it appeared, `now` when it was removed. */
export interface RunTransition {
  before: RunView | undefined;
  now: RunView | undefined;
}

/** Compares each run with what it was when it last changed, beginning with the runs known at the start. */
export class RunTransitions implements Disposable {
  private readonly emitter = new Emitter<RunTransition>();
  readonly onDidChange = this.emitter.event;
  private readonly known: Map<string, RunView>;
  private readonly subscription: Disposable;

  constructor(core: { readonly runs: Pick<Core['runs'], 'all' | 'get' | 'onDidChange'> }) {
    this.known = new Map(core.runs.all.map((run) => [run.id, run]));
    this.subscription = core.runs.onDidChange(({ run }) => this.look(run, core.runs.get(run)));
  }

  dispose(): void {
    this.subscription.dispose();
    this.emitter.dispose();
  }

  private look(id: string, now: RunView | undefined): void {
    const before = this.known.get(id);
    if (now === undefined) this.known.delete(id);
    else this.known.set(id, now);
    if (before !== now) this.emitter.fire({ before, now });
  }
}
