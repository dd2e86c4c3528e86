import { throwIfAborted } from '../../base/errors';
import { stopSlurm, type SlurmStop } from '../slurm/stopSlurm';
import { stopRun, type StopProgress, type Unproven } from '../stopRun';
import { endJob } from './endJob';
import { endProven } from './endRun';
import type { RunContext } from './runContext';

/** A launch in another window looks for a stop every second, and then ends what it has begun. */
const GIVEN_UP_WITHIN_MS = 10_000;

/** Stops one run, and ends it once the proof is there that nothing of it is left. */
export class RunStopper {
  private underWay: Promise<Unproven[]> | undefined;

  constructor(private readonly context: RunContext) {}

  /**
   * Stops the run and proves that nothing is left. Asked twice at a time, done once. One that is over is looked at again,
   * and what it left behind is ended.
   * @returns the hosts that could not prove it; such a run can be stopped again.
   */
  stop(by: 'stop' | 'workerExit', progress: StopProgress, signal?: AbortSignal): Promise<Unproven[]> {
    this.underWay ??= this.stopOnce(by, progress, signal).finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async stopOnce(
    by: 'stop' | 'workerExit',
    progress: StopProgress,
    signal: AbortSignal | undefined,
  ): Promise<Unproven[]> {
    const { run } = this.context;
    run.file.noteStop(by);
    const report: StopProgress = (step, deadline) => {
      run.setStopping({ step, deadline });
      progress(step, deadline);
    };
    try {
      await this.launchGivenUp(report, signal);
      if (run.file.isProven) return [];
      const { unproven, word } = await this.stopHosts(by, report, signal);
      run.slurm?.learn(word);
      run.owed.note(unproven);
      run.file.noteProof(unproven);
      if (unproven.length > 0 || run.isOver) return unproven;
      if (word?.kind === 'ended') await endJob(this.context, word);
      else await endProven(this.context);
      return unproven;
    } finally {
      run.setStopping(undefined);
    }
  }

  /** Whoever launches it in another window sees the stop that is noted. One that does not answer is not waited for. */
  private async launchGivenUp(report: StopProgress, signal: AbortSignal | undefined): Promise<void> {
    const { run } = this.context;
    for (const deadline = Date.now() + GIVEN_UP_WITHIN_MS; Date.now() < deadline;) {
      run.readLaunch();
      if (run.isOver || run.launch !== 'elsewhere') return;
      report('waiting for another window to give up the launch', deadline);
      await new Promise((resolve) => setTimeout(resolve, 200));
      throwIfAborted(signal);
    }
  }

  private async stopHosts(
    by: 'stop' | 'workerExit',
    report: StopProgress,
    signal: AbortSignal | undefined,
  ): Promise<SlurmStop> {
    const { run, ssh } = this.context;
    const { plan } = run.stored;
    if (plan.slurm !== undefined) return stopSlurm(ssh, plan, by, report, signal);
    return { unproven: await stopRun(ssh, plan, by, report, signal), word: undefined };
  }
}
