import * as vscode from 'vscode';
import { RankwiseError } from '../../base/errors';
import type { HostModel } from '../../config/model';
import type { Core } from '../../core';
import { HostTerminal } from '../hostTerminal';
import { commandIds } from '../ids';
import type { PlanHost } from '../../launch/plan';
import { openAtLine } from '../sourceLocation';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import type { CommandRegistry } from './commandRegistry';
import { pick, pickHost } from './pickers';

/** Terminals on hosts, and the way from a host to its line. */
export function registerHostCommands(registry: CommandRegistry, core: Core): void {
  registry.register(commandIds.hostOpenTerminal, 'Open terminal', async (argument) => {
    const run = argumentField(argument, 'run');
    const { name, target } =
      run === undefined
        ? await chosenHost(core, argument)
        : await hostOfRun(core, run, argumentField(argument, 'worker'));
    const terminal = vscode.window.createTerminal({
      name,
      pty: new HostTerminal(core, name, target),
      iconPath: new vscode.ThemeIcon('vm'),
      isTransient: true,
    });
    terminal.show();
  });
  registry.register(commandIds.hostSignIn, 'Sign in', async (argument) => {
    const [cluster, host] = [argumentField(argument, 'cluster'), argumentField(argument, 'host')];
    if (cluster === undefined || host === undefined) return;
    await withProgress(`Signing in on ${host}`, (progress, signal) => {
      progress('asking for what it wants');
      return core.clusters.checkHost(cluster, host, signal);
    });
    const status = core.clusters.status(cluster, host);
    if (status.kind === 'unreachable' && status.code !== 'ssh.cancelledLogin') {
      throw new RankwiseError(status.code, status.reason, { host });
    }
  });
  registry.registerAnywhere(commandIds.hostOpenSource, 'Open hostfile', async (argument) => {
    const { source } = await chosenHost(core, argument);
    await openAtLine(source.file, source.line);
  });
}

/** The host of a row, or the one that the person picks. */
export async function chosenHost(core: Core, argument: unknown): Promise<HostModel> {
  const [cluster, name] = [argumentField(argument, 'cluster'), argumentField(argument, 'host')];
  if (cluster === undefined) return pickHost(core, 'Which host?', () => true);
  const model = core.config.current?.clusters.find((candidate) => candidate.name === cluster);
  if (name === undefined) return pickHost(core, `Which host of ${cluster}?`, (other) => other === model);
  const host = model?.hosts.find((candidate) => candidate.name === name);
  if (host !== undefined) return host;
  throw new RankwiseError('vscode.unknownHost', `${name} is not in the config any more`);
}

/** A run's hosts are reached as the run reached them, whatever the config says now. */
async function hostOfRun(core: Core, id: string, worker: string | undefined): Promise<PlanHost> {
  const run = core.runs.get(id);
  if (run === undefined) throw new RankwiseError('vscode.unknownRun', `run ${id} is not known any more`);
  const host = run.workers.find((candidate) => candidate.id === worker)?.host;
  // A worker that only tags name may be on any of them.
  const planned = run.plan.hosts.filter(({ name }) => host === undefined || name === host);
  if (planned.length === 0) {
    throw new RankwiseError('vscode.unknownHost', `the host of worker ${worker ?? ''} is not known`);
  }
  return pick(
    'Which host?',
    planned.map((value) => ({ label: `$(vm) ${value.name}`, value })),
  );
}
