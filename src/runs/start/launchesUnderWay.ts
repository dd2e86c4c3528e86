import type { Run } from '../run';

/** A launch looks this often whether another window has asked for its stop. */
const STOP_NOTICED_MS = 1000;

/** The launches that this process is carrying out, each of which can be given up. */
export class LaunchesUnderWay {
  private readonly known = new Map<string, { abort: AbortController; settled: Promise<void> }>();

  /** A stop gives up what is under way, and waits for that; one from another window is noticed after a moment. */
  async carryOut<T>(run: Run, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { id } = run;
    const abort = new AbortController();
    const watch = setInterval(() => {
      if (run.file.isStopNoted) abort.abort();
    }, STOP_NOTICED_MS);
    const work = task(abort.signal);
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.known.set(id, { abort, settled });
    try {
      return await work;
    } finally {
      clearInterval(watch);
      this.known.delete(id);
    }
  }

  /** Gives up the launch of a run, where one is under way. @param onGivingUp called before that is waited for. */
  async giveUp(id: string, onGivingUp: () => void): Promise<void> {
    const launch = this.known.get(id);
    if (launch === undefined) return;
    onGivingUp();
    launch.abort.abort();
    await launch.settled;
  }
}
