import { Cancelled, describeError, RankwiseError, throwIfAborted } from '../../base/errors';
import { findingLines } from '../../cluster/preflight/findingText';
import { lostText } from '../again/lostPorts';
import { againText, lostAgainText, portsLost, startAgain } from '../again/startAgain';
import type { RunControl } from '../control/runControl';
import { removeDirectories } from '../removeDirectories';
import type { Run } from '../run';
import { secretValues, type SecretValue } from '../secrets';
import { startSupervisors } from '../startRun';
import type { LaunchContext, LaunchInput } from './launchContext';
import { prepareRun } from './prepareRun';
import { recordRun } from './recordRun';

const START_TIMEOUT_MS = 30_000;

/** Brings one run to its hosts and starts it there, and once more where its port was lost before it could listen. */
export class RunLaunch {
  private readonly run: Run;

  constructor(
    private readonly control: RunControl,
    private readonly what: LaunchInput,
    private readonly context: LaunchContext,
  ) {
    this.run = control.run;
  }

  /**
   * Prepares the hosts, starts the processes, and waits until every one has been seen started.
   * @throws RankwiseError naming what failed, as the run in the list does; Cancelled after stopping what had begun.
   */
  async start(
    secrets: readonly SecretValue[],
    say: (message: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { run, what, context } = this;
    const { ssh } = context;
    const step = (message: string): void => {
      throwIfAborted(signal);
      if (run.file.isStopNoted) throw new Cancelled();
      say(message);
      run.setPreparing(message);
    };
    let mayRun = false;
    try {
      run.file.save();
      const onSetup = (): void => void (mayRun = true);
      const { ready, lost } = await prepareRun(run, what, context, { step, onSetup, signal });
      const { findings, baselines, commit } = ready;
      const { plan } = run.view;
      const warnings = findingLines(findings.filter(({ severity }) => severity === 'warning'));
      for (const warning of warnings) step(`Warning: ${warning}`);
      run.notePrepared({
        warnings: [...(lost.length === 0 ? [] : [againText(lost, plan)]), ...findingLines(findings)],
        baselines,
        ...(commit === undefined ? {} : { commit }),
      });
      step('Starting');
      mayRun = true;
      const recorded = recordRun(run, what, context, signal);
      // Followed from before the start, so that the first line is not waited for.
      run.attach();
      await startSupervisors(ssh, plan, secrets, signal);
      if (!(await run.started(START_TIMEOUT_MS, signal))) {
        throw new RankwiseError('run.notStarted', 'not every process was seen starting within 30 s', {
          nextStep: 'Look at the run directories under ~/.rankwise/runs on the hosts.',
        });
      }
      throwIfAborted(signal);
      if (plan.chosenPorts.length > 0) this.control.startAgain = () => this.startAgain(lost.length > 0);
      run.setPreparing(undefined);
      await recorded;
    } catch (error) {
      await this.abandon(error, mayRun);
      throw error;
    }
  }

  /**
   * The run has failed because it could not listen, and nothing of it is left: it is started once more where its port was
   * ours and somebody else has it.
   * @returns as {@link RunControl.startAgain}.
   */
  private async startAgain(isSecond: boolean): Promise<true | string | undefined> {
    const { run, what, control } = this;
    const { ssh, underWay, secretOf } = this.context;
    return underWay.carryOut(run, async (signal) => {
      const lost = await portsLost(run, ssh, signal);
      if (lost.length === 0) return undefined;
      if (isSecond) return lostAgainText(lost);
      control.startAgain = () => this.startAgain(true);
      run.setPreparing(`Choosing another port: ${lostText(lost)}`);
      try {
        const isStarted = await startAgain(run, lost, {
          ssh,
          replan: async () => (await what.replan(signal)).plan,
          secrets: (plan) => secretValues(plan, secretOf),
          signal,
        });
        return isStarted ? true : undefined;
      } catch (error) {
        await this.abandon(error, true);
        return true;
      } finally {
        run.setPreparing(undefined);
      }
    });
  }

  /**
   * Keeps a run that did not start in the list, with the reason. Where something may run already it is stopped; without
   * proof that nothing is left the run stays open, so that it can be stopped again.
   */
  private async abandon(error: unknown, mayRun: boolean): Promise<void> {
    const { run, control } = this;
    const { ssh, logger } = this.context;
    if (mayRun) {
      const unproven = await control.stopper.stop('stop', () => undefined);
      if (unproven.length > 0) {
        run.setPreparing(undefined);
        run.attach();
        return;
      }
    } else {
      await removeDirectories(ssh, run.view.plan).catch((failure: unknown) =>
        logger.warn(`what was written for ${run.id} may be left: ${describeError(failure)}`),
      );
    }
    run.endUnstarted(error instanceof Cancelled ? undefined : describeError(error));
  }
}
