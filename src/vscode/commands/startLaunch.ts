import * as vscode from 'vscode';
import { Cancelled } from '../../base/errors';
import type { Finding } from '../../cluster/preflight/checks';
import { findingLines, PreflightError } from '../../cluster/preflight/findingText';
import type { LaunchModel, PreflightCheck } from '../../config/model';
import type { Core } from '../../core';
import type { LaunchOptions } from '../../runs/launchOptions';
import { isGroup } from '../../launch/trials';
import { findingsText, skippableChecks } from '../../text/findingsText';
import { count } from '../../text/format';
import { commandIds, viewIds } from '../ids';
import { plainMessage } from '../plainMessage';
import type { TextDocuments } from '../textDocuments';
import { withProgress } from '../withProgress';

/** Starts a run, or the group of a launch with a matrix or repeats, and shows it. */
export async function startLaunch(
  core: Core,
  launch: LaunchModel,
  options: LaunchOptions,
  documents: TextDocuments,
  openDashboard: (run: string) => void,
): Promise<void> {
  try {
    if (isGroup(launch)) await startGroup(core, launch, options);
    else
      openDashboard(
        (
          await withProgress(`Launching ${launch.name}`, (progress, signal) =>
            core.runs.launch(launch.name, options, progress, signal),
          )
        ).id,
      );
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error;
    const checks = await afterFindings(launch, error, documents);
    const skipChecks = [...(options.skipChecks ?? []), ...checks];
    await startLaunch(core, launch, { ...options, skipChecks }, documents, openDashboard);
  }
}

async function startGroup(core: Core, launch: LaunchModel, options: LaunchOptions): Promise<void> {
  const { trials } = await withProgress(`Launching ${launch.name}`, (progress, signal) =>
    core.groups.start(launch.name, options, progress, signal),
  );
  await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
  void vscode.window.showInformationMessage(
    `${launch.name}: ${count(trials.length, 'trial')} in the queue. They go on while this window is open.`,
  );
}

/**
 * Shows what stands in the way, and offers what can be done about it.
 * @returns the checks that the person leaves out @throws Cancelled
 */
async function afterFindings(
  launch: LaunchModel,
  { findings, message }: PreflightError,
  documents: TextDocuments,
): Promise<readonly PreflightCheck[]> {
  const [all, keys] = ['Show All', 'Set Up Passwordless SSH…'];
  const skippable = skippableChecks(findings);
  const skip = skippable.length === 1 ? 'Skip This Check…' : 'Skip These Checks…';
  const isKeys = findings.some(({ check, severity }) => check === 'passwordless' && severity === 'error');
  const buttons = [...(isKeys ? [keys] : []), all, ...(skippable.length === 0 ? [] : [skip])];
  const choice = await vscode.window.showErrorMessage(plainMessage(message), ...buttons);
  if (choice === keys)
    await vscode.commands.executeCommand(commandIds.clusterSetUpKeys, { cluster: launch.cluster });
  if (choice === all)
    await documents.show(`Checks of ${launch.name}.md`, findingsText(launch.name, findings), 'markdown');
  if (choice !== skip) throw new Cancelled();
  return skippable.length === 1 ? sureOf(launch, skippable) : askWhich(launch, findings, skippable);
}

/** @throws Cancelled */
async function sureOf(
  launch: LaunchModel,
  checks: readonly PreflightCheck[],
): Promise<readonly PreflightCheck[]> {
  const button = 'Launch Without';
  const sure = await vscode.window.showWarningMessage(
    `Launch ${launch.name} without the check ${checks.join(', ')}?`,
    { modal: true, detail: 'This once. skipChecks: in rankwise.yaml leaves it out always.' },
    button,
  );
  if (sure !== button) throw new Cancelled();
  return checks;
}

/** Each check is left out by name; those that are not still stand in the way. @throws Cancelled */
async function askWhich(
  launch: LaunchModel,
  findings: readonly Finding[],
  checks: readonly PreflightCheck[],
): Promise<readonly PreflightCheck[]> {
  const items = checks.map((check) => {
    const own = findings.filter((one) => one.check === check && one.severity === 'error');
    return { label: check, detail: findingLines(own).join(' · ') };
  });
  const chosen = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: `Launch ${launch.name} without these checks, this once`,
    placeHolder: 'skipChecks: in rankwise.yaml leaves them out always',
  });
  if (chosen === undefined || chosen.length === 0) throw new Cancelled();
  return checks.filter((check) => chosen.some(({ label }) => label === check));
}
