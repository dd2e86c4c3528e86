import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../../base/errors';
import type { ClusterModel } from '../../config/model';
import type { Core } from '../../core';
import { count } from '../../text/format';
import { keyPlanText, reachText } from '../../text/keyPlanText';
import { commandIds } from '../ids';
import type { TextDocuments } from '../textDocuments';
import { withProgress } from '../withProgress';
import { argumentField } from './argumentField';
import { chosenCluster } from './clusterCommands';
import type { CommandRegistry } from './commandRegistry';
import { pick, pickCluster } from './pickers';

type Action = 'apply' | 'rotate' | 'undo' | 'prove';

const actions: readonly (vscode.QuickPickItem & { value: Action })[] = [
  { label: '$(key) Set Up or Repair', detail: 'Every change is shown first', value: 'apply' },
  { label: '$(checklist) Prove', detail: 'Tries each host to each other; changes nothing', value: 'prove' },
  { label: '$(sync) Rotate Keys', detail: 'Gives every host a new key', value: 'rotate' },
  { label: '$(discard) Undo', detail: 'Takes back exactly what was set up', value: 'undo' },
];

const buttons = { apply: 'Apply', rotate: 'Rotate Keys', undo: 'Undo' } as const;

/** Set Up Passwordless SSH…: each change is shown before it is made, and the outcome is proved. */
export function registerKeyCommands(registry: CommandRegistry, core: Core, documents: TextDocuments): void {
  registry.register(commandIds.clusterSetUpKeys, 'Set up passwordless SSH', async (argument) => {
    const { name } =
      argumentField(argument, 'cluster') === undefined
        ? await pickCluster(core, 'SSH between the hosts of which cluster?', hasPeers)
        : await chosenCluster(core, argument, '');
    const action = await pick(`SSH between the hosts of ${name}`, actions);
    if (action !== 'prove') await change(core, documents, name, action);
    if (action !== 'undo') await prove(core, documents, name);
  });
}

/** Practice hosts are one account on this machine: there is nothing to set up. */
function hasPeers({ practice, hosts }: ClusterModel): boolean {
  return !practice && hosts.length > 1;
}

async function change(
  core: Core,
  documents: TextDocuments,
  cluster: string,
  purpose: Exclude<Action, 'prove'>,
): Promise<void> {
  const plan = await withProgress(`SSH between the hosts of ${cluster}`, (progress, signal) => {
    progress('reading ~/.ssh on each host; nothing is changed');
    return core.keys.preview(cluster, purpose, signal);
  });
  const inTheWay = plan.findings.filter(({ blocks }) => blocks);
  if (plan.homes.length === 0 && inTheWay.length === 0) {
    const text = purpose === 'undo' ? 'there is nothing of it to take back' : 'everything is set up already';
    void vscode.window.showInformationMessage(`SSH between the hosts of ${cluster}: ${text}.`);
    return;
  }
  const title = `Keys of ${cluster}.diff`;
  await documents.show(title, keyPlanText(plan), 'diff');
  const [first] = inTheWay;
  if (first !== undefined) {
    const { message, host, nextStep } = first;
    throw new RankwiseError('keys.blocked', message, { host, nextStep });
  }
  const button = buttons[purpose];
  const question = `The document shows every change on ${count(plan.homes.length, 'home directory', 'home directories')} of ${cluster}. Nothing has been done yet.`;
  const choice = await vscode.window.showInformationMessage(question, button, 'Cancel');
  if (choice !== button) throw new Cancelled();
  await withProgress(`SSH between the hosts of ${cluster}`, (progress, signal) => {
    progress('changing what the document shows');
    return core.keys.carryOut(plan, signal);
  });
  await documents.show(title, keyPlanText(plan, true), 'diff');
  if (purpose === 'undo')
    void vscode.window.showInformationMessage(`What was set up on the hosts of ${cluster} is taken back.`);
}

async function prove(core: Core, documents: TextDocuments, cluster: string): Promise<void> {
  const reaches = await withProgress(`SSH between the hosts of ${cluster}`, (progress, signal) => {
    progress('trying each host to each other');
    return core.keys.prove(cluster, signal);
  });
  const failed = reaches.filter(({ ok }) => !ok);
  await documents.show(`SSH between the hosts of ${cluster}.md`, reachText(cluster, reaches), 'markdown');
  if (failed.length === 0) {
    const text = `Proved: each host of ${cluster} reaches each other without a password (${reaches.length} pairs).`;
    void vscode.window.showInformationMessage(text);
    return;
  }
  throw new RankwiseError(
    'keys.unproved',
    `${failed.length} of ${reaches.length} pairs cannot reach each other`,
    {
      nextStep: 'The document says why for each.',
    },
  );
}
