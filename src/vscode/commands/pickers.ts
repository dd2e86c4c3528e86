import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import { systemClock } from '../../base/clock';
import type { ClusterModel, ConfigModel, HostModel, LaunchModel } from '../../config/model';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { configFileName } from '../ids';
import { plainRow } from '../plainMessage';
import { launcherText } from '../text/launcherText';
import { launchSummary } from '../text/launchText';
import { joinParts } from '../../text/format';
import { runRow, runTitle } from '../text/runText';

/**
 * Lets the person choose; with one possibility there is no question.
 * @throws Cancelled when the list is dismissed
 */
export async function pick<T>(
  placeHolder: string,
  items: readonly (vscode.QuickPickItem & { value: T })[],
): Promise<T> {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only.value : choose(placeHolder, items);
}

async function choose<T>(
  placeHolder: string,
  items: readonly (vscode.QuickPickItem & { value: T })[],
): Promise<T> {
  const choice = await vscode.window.showQuickPick(items.map(plainRow), {
    placeHolder,
    matchOnDescription: true,
  });
  if (choice === undefined) throw new Cancelled();
  return choice.value;
}

/** The config, or an error that says how to get one. */
export function requireConfig(core: Core): ConfigModel {
  const config = core.config.current;
  if (config !== undefined) return config;
  throw new RankwiseError('vscode.noConfig', `there is no ${configFileName} in the workspace`, {
    nextStep: 'Make one with the command "Rankwise: Create rankwise.yaml".',
  });
}

/** Asks which launch, even when there is only one: the list says what would start. */
export async function pickLaunch(core: Core, placeHolder: string): Promise<LaunchModel> {
  const config = requireConfig(core);
  if (config.launches.length === 0) {
    throw new RankwiseError('vscode.noLaunches', `${configFileName} has no launch without errors`, {
      nextStep: 'Open it and look at the problems shown there.',
    });
  }
  const items = config.launches.map((launch) => ({
    label: `$(${launcherText(launch.launcher).icon}) ${launch.name}`,
    description: launchSummary(launch, config),
    value: launch,
  }));
  return choose(placeHolder, items);
}

/** Asks which run, newest first. */
export async function pickRun(
  core: Core,
  placeHolder: string,
  wanted: (run: RunView) => boolean,
): Promise<RunView> {
  const runs = core.runs.all.filter(wanted).toSorted((a, b) => b.startedAt - a.startedAt);
  if (runs.length === 0) throw new RankwiseError('vscode.noRuns', 'there is no such run');
  const now = systemClock.now();
  return pick(
    placeHolder,
    runs.map((run) => {
      const { description, icon } = runRow(run, undefined, now);
      return {
        label: `$(${icon.id}) ${runTitle(run)}`,
        description: joinParts([run.group?.label, description]),
        value: run,
      };
    }),
  );
}

/** Asks which cluster. */
export async function pickCluster(
  core: Core,
  placeHolder: string,
  wanted: (cluster: ClusterModel) => boolean = ({ hosts, slurm }) => hosts.length > 0 || slurm !== undefined,
): Promise<ClusterModel> {
  const clusters = requireConfig(core).clusters.filter(wanted);
  if (clusters.length === 0) throw noHosts();
  return pick(
    placeHolder,
    clusters.map((cluster) => ({
      label: `$(server) ${cluster.name}`,
      description: cluster.slurm === undefined ? `${cluster.hosts.length} hosts` : 'Slurm',
      value: cluster,
    })),
  );
}

/** Asks which host of the wanted clusters. */
export async function pickHost(
  core: Core,
  placeHolder: string,
  wanted: (cluster: ClusterModel) => boolean,
): Promise<HostModel> {
  const clusters = requireConfig(core).clusters.filter(wanted);
  const hosts = clusters.flatMap(({ name, hosts }) =>
    hosts.map((host) => ({ label: `$(vm) ${host.name}`, description: name, value: host })),
  );
  if (hosts.length === 0) throw noHosts();
  return pick(placeHolder, hosts);
}

function noHosts(): RankwiseError {
  return new RankwiseError('vscode.noHosts', `no cluster of ${configFileName} has hosts now`, {
    nextStep: 'Add hosts to a cluster, or start the practice cluster.',
  });
}
