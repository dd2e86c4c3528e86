import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { describeError } from '../../base/errors';
import type { Core } from '../../core';
import type { OutputFile } from '../../runs/leaves/listOutputs';
import { isActive } from '../text/runText';

/** While a run goes on and somebody sees its files, they are looked for again after this time. */
const staleMs = 60_000;

/** The files of a run as they were at a time. */
export interface OutputList {
  /** Newest first. */
  files: readonly OutputFile[];
  /** Hosts that did not say which files they have, and why. */
  silent: readonly { host: string; reason: string }[];
  /** Milliseconds since the epoch. */
  at: number;
}

/** The part of the core that is read here. */
interface OutputSource {
  readonly runs: Pick<Core['runs'], 'get'>;
  readonly outputs: Pick<Core['outputs'], 'list'>;
}

/** What runs have produced, as last seen. Hosts are asked when somebody looks, one question at a time for each run. */
export class OutputLists implements Disposable {
  private readonly changed = new Emitter<{ run: string }>();
  readonly onDidChange = this.changed.event;
  private readonly lists = new Map<string, OutputList>();
  private readonly asked = new Map<string, Promise<OutputList>>();

  constructor(
    private readonly core: OutputSource,
    private readonly now: () => number = Date.now,
  ) {}

  /** As last seen; nothing is asked. */
  known(run: string): OutputList | undefined {
    return this.lists.get(run);
  }

  /** As last seen, or as the hosts say now where nobody has looked yet. What is old is looked for again behind this. */
  of(run: string): Promise<OutputList> {
    const known = this.lists.get(run);
    if (known === undefined) return this.refresh(run);
    if (this.isStale(run, known)) void this.refresh(run);
    return Promise.resolve(known);
  }

  /** Asks the hosts. Never rejects: a host that does not answer is named. */
  refresh(run: string): Promise<OutputList> {
    const running = this.asked.get(run);
    if (running !== undefined) return running;
    const asking = this.ask(run).finally(() => this.asked.delete(run));
    this.asked.set(run, asking);
    return asking;
  }

  dispose(): void {
    this.changed.dispose();
  }

  private isStale(run: string, { at }: OutputList): boolean {
    const view = this.core.runs.get(run);
    if (view === undefined) return false;
    return isActive(view.state) ? this.now() - at > staleMs : at < (view.endedAt ?? 0);
  }

  private async ask(run: string): Promise<OutputList> {
    const at = this.now();
    const list = await this.core.outputs.list(run).then(
      ({ files, silent }) => ({
        files,
        silent: silent.map(({ host, reason }) => ({ host, reason: describeError(reason) })),
        at,
      }),
      (error: unknown) => ({ files: [], silent: [{ host: 'Rankwise', reason: describeError(error) }], at }),
    );
    this.lists.set(run, list);
    this.changed.fire({ run });
    return list;
  }
}
