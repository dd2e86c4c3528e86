import { RankwiseError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { LaunchModel } from '../../config/model';
import type { Core } from '../../core';
import { commandIds } from '../ids';
import type { PlanDocuments } from '../planDocuments';
import { openAtLine } from '../sourceLocation';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pickLaunch, requireConfig } from './pickers';

/** Launch…, Preview Plan…, and the way from a launch to its line. */
export function registerLaunchCommands(
  registry: CommandRegistry,
  core: Core,
  plans: PlanDocuments,
  openDashboard: (run: string) => void,
  logger: Logger,
): void {
  registry.register(commandIds.launchStart, 'Launch', async (argument) => {
    const launch = await chosenLaunch(core, argument, 'Which launch to start?');
    logger.info(`launching ${launch.name}: ${launch.launcher} on ${launch.cluster}`);
    const run = await withProgress(`Launching ${launch.name}`, (progress, signal) =>
      core.runs.launch(launch.name, {}, progress, signal),
    );
    openDashboard(run.id);
  });
  registry.registerAnywhere(commandIds.launchPreview, 'Preview plan', async (argument) => {
    const launch = await chosenLaunch(core, argument, 'Which launch to preview? Nothing is run.');
    await plans.showLaunch(launch.name);
  });
  registry.registerAnywhere(commandIds.launchOpenSource, 'Open launch', async (argument) => {
    const launch = await chosenLaunch(core, argument, 'Which launch to open?');
    await openAtLine(requireConfig(core).file, launch.range.start.line);
  });
}

async function chosenLaunch(core: Core, argument: unknown, question: string): Promise<LaunchModel> {
  const name = argumentField(argument, 'launch');
  if (name === undefined) return pickLaunch(core, question);
  const launch = requireConfig(core).launches.find((candidate) => candidate.name === name);
  if (launch !== undefined) return launch;
  throw new RankwiseError(
    'vscode.unknownLaunch',
    `launch "${name}" is not in rankwise.yaml or has an error`,
    {
      nextStep: 'Look at the problems of rankwise.yaml.',
    },
  );
}
