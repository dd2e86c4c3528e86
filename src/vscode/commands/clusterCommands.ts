import * as vscode from 'vscode';
import { Cancelled, RankwiseError, throwIfAborted } from '../../base/errors';
import type { ClusterModel } from '../../config/model';
import { practiceCluster } from '../../config/checks/clusterChecks';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { commandIds } from '../ids';
import { openAtLine } from '../sourceLocation';
import { count } from '../../text/format';
import { isActive, runTitle } from '../text/runText';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pickCluster, requireConfig } from './pickers';

/** Check Cluster, and starting and stopping the practice cluster. */
export function registerClusterCommands(registry: CommandRegistry, core: Core): void {
  registry.register(commandIds.clusterCheck, 'Check', async (argument) => {
    const cluster = await chosenCluster(core, argument, 'Which cluster to check?');
    await check(core, cluster);
  });
  registry.registerAnywhere(commandIds.clusterOpenSource, 'Open cluster', async (argument) => {
    const cluster = await chosenCluster(core, argument, 'Which cluster to open?');
    await openAtLine(requireConfig(core).file, cluster.range.start.line);
  });
  registry.register(commandIds.practiceStart, 'Start practice cluster', async () => {
    await withProgress('Practice cluster', async (progress) => {
      progress('starting four hosts on this machine');
      await core.practice.start();
    });
    await offerConfig(core);
  });
  registry.register(commandIds.practiceStop, 'Stop practice cluster', async () => {
    await stopPractice(core);
  });
}

/** Ends the practice cluster. Runs on it are ended first, in the orderly way, once the person has agreed. */
async function stopPractice(core: Core): Promise<void> {
  const runs = core.runs.all.filter(({ plan, state }) => plan.cluster === practiceCluster && isActive(state));
  if (runs.length > 0) await askToStop(runs);
  await withProgress('Stopping the practice cluster', async (progress, signal) => {
    for (const run of runs) {
      const title = runTitle(run);
      await core.runs.stop(run.id, (step) => progress(`${title}: ${step}`), signal);
      throwIfAborted(signal);
    }
    progress('ending its hosts');
    await core.practice.stop();
  });
}

/** @throws Cancelled when the person keeps the runs */
async function askToStop(runs: readonly RunView[]): Promise<void> {
  const several = runs.length > 1;
  const button = several ? 'Stop Runs and Cluster' : 'Stop Run and Cluster';
  const choice = await vscode.window.showWarningMessage(
    `${count(runs.length, 'run')} ${several ? 'are' : 'is'} using the practice cluster. Stop ${several ? 'them' : 'it'} as well?`,
    { modal: true, detail: runs.map(runTitle).join('\n') },
    button,
  );
  if (choice !== button) throw new Cancelled();
}

async function check(core: Core, cluster: ClusterModel): Promise<void> {
  await withProgress(`Checking ${cluster.name}`, async (progress, signal) => {
    if (cluster.slurm !== undefined) {
      progress('asking Slurm');
      await core.slurm.ask(cluster.name, true, signal);
      throwIfAborted(signal);
      const { failure } = core.slurm.status(cluster.name);
      if (failure !== undefined) throw new RankwiseError(failure.code, failure.reason);
      return;
    }
    progress(`asking ${cluster.hosts.length} hosts`);
    await core.clusters.check(cluster.name, signal);
    throwIfAborted(signal);
  });
}

/** Practice hosts without a launch are of no use: the next step is offered. */
async function offerConfig(core: Core): Promise<void> {
  if (core.config.current !== undefined) return;
  const create = 'Create rankwise.yaml';
  const message = 'The practice cluster is running. A rankwise.yaml says what to train on it.';
  const choice = await vscode.window.showInformationMessage(message, create);
  if (choice === undefined) throw new Cancelled();
  await vscode.commands.executeCommand(commandIds.configCreate);
}

/** The cluster of a row, or the one that the person picks. */
export async function chosenCluster(core: Core, argument: unknown, question: string): Promise<ClusterModel> {
  const name = argumentField(argument, 'cluster');
  if (name === undefined) return pickCluster(core, question);
  const cluster = requireConfig(core).clusters.find((candidate) => candidate.name === name);
  if (cluster !== undefined) return cluster;
  throw new RankwiseError('vscode.unknownCluster', `cluster "${name}" is not in the config any more`);
}
