import type { RunView } from './model';
import type { Run } from './run';

/** Which ends of runs are news: those that came while no window was open, each told once. */
export class UnseenEnds {
  private readonly openedAt = Date.now();
  /** A person looks at this process: what they saw end is no news at the next start. */
  private isWindow = false;

  /** The runs that ended while no window was open. What ends from now on is seen. */
  tell(runs: readonly Run[]): RunView[] {
    const unseen = runs.filter(({ file }) => file.isEndUnseen);
    const away = unseen.filter(({ view }) => (view.endedAt ?? 0) < this.openedAt).map(({ view }) => view);
    this.isWindow = true;
    for (const { file } of unseen) file.noteEndSeen();
    return away;
  }

  /** Something of the run is new, perhaps that it is over. */
  look({ file }: Run): void {
    if (this.isWindow && file.isEndUnseen) file.noteEndSeen();
  }
}
