import { RankwiseError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { LaunchModel } from '../../config/model';
import type { Core } from '../../core';
import { commandIds } from '../ids';
import type { PlanDocuments } from '../planDocuments';
import { openAtLine } from '../sourceLocation';
import type { TextDocuments } from '../textDocuments';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { askLaunchOptions } from './launchOptions';
import { pickLaunch, requireConfig } from './pickers';
import { startLaunch } from './startLaunch';

/** Launch…, Launch With…, Preview Plan…, and the way from a launch to its line. */
export function registerLaunchCommands(
  registry: CommandRegistry,
  core: Core,
  plans: PlanDocuments,
  documents: TextDocuments,
  openDashboard: (run: string) => void,
  logger: Logger,
): void {
  registry.register(commandIds.launchStart, 'Launch', async (argument) => {
    const launch = await chosenLaunch(core, argument, 'Which launch to start?');
    logger.info(`launching ${launch.name}: ${launch.launcher} on ${launch.cluster}`);
    await startLaunch(core, launch, {}, documents, openDashboard);
  });
  registry.register(commandIds.launchStartWith, 'Launch', async (argument) => {
    const launch = await chosenLaunch(core, argument, 'Which launch to start?');
    const options = await askLaunchOptions(launch);
    logger.info(`launching ${launch.name} with chosen values: ${launch.launcher} on ${launch.cluster}`);
    await startLaunch(core, launch, options, documents, openDashboard);
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
