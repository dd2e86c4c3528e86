import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { commandIds } from './ids';
import { plainMessage } from './plainMessage';
import type { RunSummaries } from './runSummaries';
import type { RunTransition, RunTransitions } from './runTransitions';
import { runEnd, type RunEnd } from './text/runEndText';
import { isActive } from './text/runText';

const showMessage = {
  information: vscode.window.showInformationMessage,
  warning: vscode.window.showWarningMessage,
  error: vscode.window.showErrorMessage,
} as const satisfies Record<RunEnd['severity'], unknown>;

/**
 * Tells when a run that is no trial finishes or fails: runs that were going on when this window opened and runs started since. Runs
 * found on a host that ended earlier are history, and what a person stopped is told by the stop.
 */
export class RunNotifications implements Disposable {
  private readonly subscription: Disposable;
  private readonly atStart: ReadonlySet<string>;
  private readonly openedAt: number;

  constructor(
    transitions: RunTransitions,
    runsAtStart: readonly { id: string }[],
    private readonly summaries: Pick<RunSummaries, 'get'>,
    clock: Clock,
  ) {
    this.atStart = new Set(runsAtStart.map(({ id }) => id));
    this.openedAt = clock.now();
    this.subscription = transitions.onDidChange((transition) => void this.tell(transition));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async tell({ before, now: run }: RunTransition): Promise<void> {
    if (run === undefined || run.group !== undefined || (before !== undefined && !isActive(before.state)))
      return;
    if (!this.atStart.has(run.id) && run.startedAt < this.openedAt) return;
    const end = runEnd(run, this.summaries.get(run.id));
    if (end === undefined) return;
    const [dashboard, logs] = ['Open Dashboard', 'Show Logs'];
    const choice = await showMessage[end.severity](plainMessage(end.text), dashboard, logs);
    if (choice === undefined) return;
    const command = choice === logs ? commandIds.runShowLogs : commandIds.runOpenDashboard;
    await vscode.commands.executeCommand(command, { run: run.id });
  }
}
