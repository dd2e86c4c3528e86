import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { Core } from '../../core';
import type { SshTarget } from '../../ssh/target';
import type { Forwards, OpenForward } from '../forwards';
import { commandIds } from '../ids';
import { isActive } from '../text/runText';
import { withProgress } from '../withProgress';
import type { CommandRegistry } from './commandRegistry';
import { chosenHost } from './hostCommands';
import { pick } from './pickers';
import { chosenRun } from './runCommands';

/** Forward Port…, the list of forwards with a way to end them, and the pages of a run (Ray's dashboard). */
export function registerForwardCommands(registry: CommandRegistry, core: Core, forwards: Forwards): void {
  registry.register(commandIds.hostForwardPort, 'Forward port', async (argument) => {
    const { name, target } = await chosenHost(core, argument);
    const port = await askPort(name);
    await offer(await open(forwards, name, target, port), forwards);
  });
  registry.register(commandIds.hostStopForwarding, 'Stop forwarding', async () => {
    if (forwards.all.length === 0) throw new RankwiseError('vscode.noForwards', 'no port is forwarded');
    const items = forwards.all.map((forward) => ({
      label: `$(plug) ${forward.host}:${forward.port}`,
      description: addressOf(forward),
      forward,
    }));
    const choice = await vscode.window.showQuickPick(items, { placeHolder: 'Stop forwarding which port?' });
    if (choice === undefined) throw new Cancelled();
    forwards.close(choice.forward);
  });
  registry.register(commandIds.runOpenPage, 'Open page', async (argument) => {
    const run = await chosenRun(core, argument, 'A page of which run?', ({ state, plan }) => {
      return isActive(state) && plan.pages.length > 0;
    });
    const page = await pick(
      'Which page?',
      run.plan.pages.map((value) => ({
        label: value.label,
        description: `${value.host}:${value.port}`,
        value,
      })),
    );
    const host = run.plan.hosts.find(({ name }) => name === page.host);
    if (host === undefined) throw new RankwiseError('vscode.unknownHost', `${page.host} is not in the plan`);
    const forward = await open(forwards, host.name, host.target, page.port);
    await openInBrowser(forward);
  });
}

function open(forwards: Forwards, host: string, target: SshTarget, port: number): Promise<OpenForward> {
  return withProgress(`Forwarding port ${port} of ${host}`, (progress, signal) => {
    progress('connecting');
    return forwards.open(host, target, port, signal);
  });
}

async function offer(forward: OpenForward, forwards: Forwards): Promise<void> {
  const [browser, copy, stop] = ['Open in Browser', 'Copy Address', 'Stop'];
  const text = `Port ${forward.port} of ${forward.host} is at ${addressOf(forward)} while this window is open.`;
  const choice = await vscode.window.showInformationMessage(text, browser, copy, stop);
  if (choice === browser) await openInBrowser(forward);
  if (choice === copy) await vscode.env.clipboard.writeText((await uriOf(forward)).toString());
  if (choice === stop) forwards.close(forward);
}

async function openInBrowser(forward: OpenForward): Promise<void> {
  await vscode.env.openExternal(await uriOf(forward));
}

/** Where the window is on another machine than the extension, VS Code passes the port on. */
function uriOf(forward: OpenForward): Thenable<vscode.Uri> {
  return vscode.env.asExternalUri(vscode.Uri.parse(`http://${addressOf(forward)}/`));
}

function addressOf({ localPort }: OpenForward): string {
  return `127.0.0.1:${localPort}`;
}

async function askPort(host: string): Promise<number> {
  const text = await vscode.window.showInputBox({
    title: `Forward a port of ${host}`,
    prompt: 'Its port on 127.0.0.1 there, such as 6006 for TensorBoard.',
    validateInput: (value) =>
      /^\d{1,5}$/.test(value) && Number(value) > 0 && Number(value) < 65536
        ? undefined
        : 'A port is a number from 1 to 65535.',
  });
  if (text === undefined) throw new Cancelled();
  return Number(text);
}
