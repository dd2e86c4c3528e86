import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { commandIds } from '../ids';
import type { PlanDocuments } from '../planDocuments';
import { count } from '../../text/format';
import { canStop, isActive, runTitle, stopStep } from '../text/runText';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pickRun } from './pickers';

const countDownMs = 500;

/** Stop, dashboard, plan and removal of runs. */
export function registerRunCommands(
  registry: CommandRegistry,
  core: Core,
  plans: PlanDocuments,
  openDashboard: (run: string) => void,
): void {
  registry.register(commandIds.runStop, 'Stop', async (argument) => {
    const run = await chosenRun(core, argument, 'Which run to stop?', ({ state }) => canStop(state));
    await stop(core, run);
  });
  registry.registerAnywhere(commandIds.runOpenDashboard, 'Open dashboard', async (argument) => {
    const run = await chosenRun(core, argument, 'The dashboard of which run?');
    openDashboard(run.id);
  });
  registry.registerAnywhere(commandIds.runShowPlan, 'Show plan', async (argument) => {
    const run = await chosenRun(core, argument, 'The plan of which run?');
    await plans.showRun(run.id);
  });
  registry.register(commandIds.runRemove, 'Remove run', async (argument) => {
    const run = await chosenRun(core, argument, 'Which run to remove?', ({ state }) => !isActive(state));
    await remove(core, run);
  });
}

/** The run of a row, of a worker or of a dashboard, or the one that the person picks. */
export async function chosenRun(
  core: Core,
  argument: unknown,
  question: string,
  wanted: (run: RunView) => boolean = () => true,
): Promise<RunView> {
  const id = argumentField(argument, 'run');
  if (id === undefined) return pickRun(core, question, wanted);
  const run = core.runs.get(id);
  if (run === undefined) throw new RankwiseError('vscode.unknownRun', `run ${id} is not known any more`);
  if (!wanted(run)) {
    throw new RankwiseError(
      'vscode.runState',
      `${runTitle(run)} is ${run.state.kind}, so this does not apply`,
    );
  }
  return run;
}

async function stop(core: Core, run: RunView): Promise<void> {
  const { unproven } = await stopWithProgress(core, run);
  if (unproven.length === 0) {
    void vscode.window.showInformationMessage(
      `${runTitle(run)} is stopped: no process of it is left on ${count(run.plan.hosts.length, 'host')}.`,
    );
    return;
  }
  throw new RankwiseError(
    'vscode.unproven',
    `it could not be proven that nothing of ${runTitle(run)} is left on ${unproven.map(({ host, reason }) => `${host} (${reason})`).join(', ')}`,
    { nextStep: 'Stop it again once those hosts can be reached.' },
  );
}

/** Stops a run under a notification that counts down to the next, harder step. */
function stopWithProgress(core: Core, run: RunView): ReturnType<Core['runs']['stop']> {
  return withProgress(`Stopping ${runTitle(run)}`, async (progress, signal) => {
    const countDown = setInterval(() => {
      const state = core.runs.get(run.id)?.state;
      if (state?.kind === 'stopping') progress(stopStep(state, systemClock.now()));
    }, countDownMs);
    try {
      return await core.runs.stop(run.id, progress, signal);
    } finally {
      clearInterval(countDown);
    }
  });
}

async function remove(core: Core, run: RunView): Promise<void> {
  const button = 'Remove';
  const choice = await vscode.window.showWarningMessage(
    `Remove ${runTitle(run)}?`,
    { modal: true, detail: 'Its logs are deleted here and on the hosts. This cannot be undone.' },
    button,
  );
  if (choice !== button) throw new Cancelled();
  await core.runs.remove(run.id);
}
