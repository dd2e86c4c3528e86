import type { Registry, StoredRun } from './registry';
import { withProof, type FinalState } from './runEnd';
import type { Unproven } from './stopRun';

/** What is stored of one run. Other windows write it too, and may know what this one does not. */
export class RunFile {
  constructor(
    private known: StoredRun,
    private readonly registry: Registry,
  ) {}

  /** As this window knows it. */
  get stored(): StoredRun {
    return this.known;
  }

  /** As it is on disk now; undefined where it cannot be read. */
  read(): StoredRun | undefined {
    return this.registry.read(this.known.id);
  }

  /** Writes it to the registry with these changes, so that it is known after a restart. */
  save(changes: Partial<StoredRun> = {}): void {
    // Another window may have added what it alone knows.
    this.known = { ...(this.read() ?? this.known), ...changes };
    this.registry.save(this.known);
  }

  /** Another window has written this. */
  takeOver(known: StoredRun): void {
    this.known = known;
  }

  /** It is over, and every host has shown that nothing is left of it. */
  get isProven(): boolean {
    return this.known.final?.kind === 'ended' && this.known.final.proven;
  }

  /** Whether it has ended and nobody has been told. */
  get isEndUnseen(): boolean {
    return this.known.final !== undefined && this.known.endSeen === false;
  }

  /** Whether another window has asked for its stop. */
  get isStopNoted(): boolean {
    return this.read()?.stopAsked === 'stop';
  }

  /** It was started: its hosts say all there is to know of it. */
  noteLaunched(): void {
    if (this.known.preparedBy !== undefined) this.save({ preparedBy: undefined });
  }

  /** Training begins: what was before is waiting and set-up. */
  noteStarted(): void {
    if (this.known.processesStartedAt === undefined) this.save({ processesStartedAt: Date.now() });
  }

  /** A stop is asked for; who asked first stays known. */
  noteStop(by: 'stop' | 'workerExit'): void {
    if (this.known.final === undefined) this.save({ stopAsked: this.known.stopAsked ?? by });
  }

  /** What a stop has found of a run that was over before. */
  noteProof(unproven: readonly Unproven[]): void {
    const { final } = this.known;
    if (final?.kind === 'ended') this.save({ final: withProof(final, unproven) });
  }

  /** @param isLaunchedHere whether this window launches it at the moment. */
  noteEnd(decided: FinalState, decidedAt: number, isLaunchedHere: boolean): void {
    // What another window has written down already holds for both, but whoever launches the run knows better.
    const isFirst = this.known.final === undefined && !isLaunchedHere;
    const known = isFirst ? this.read() : undefined;
    const final = known?.final ?? decided;
    const endedAt = known?.endedAt ?? decidedAt;
    this.save({ final, endedAt, preparedBy: undefined });
  }

  /** From now on it is no news that it ended. */
  noteEndSeen(): void {
    if (this.known.endSeen === false) this.save({ endSeen: true });
  }
}
