import * as vscode from 'vscode';
import { Cancelled, RankwiseError } from '../base/errors';
import { failureText } from '../text/failureText';
import { commandIds } from './ids';
import { plainMessage } from './plainMessage';

/** A command that puts right what failed, by the code of the error. */
const remedies: ReadonlyMap<string, { button: string; command: string }> = new Map([
  ['run.secretMissing', { button: 'Set Secret…', command: commandIds.secretSet }],
]);

const [showLogButton, detailsButton] = ['Show Extension Log', 'Details'];

/**
 * Tells a person once what failed, why, and what to do, with a button to the log. Cancelling is silent.
 * @param what such as `Launch`; shown as "Launch failed: why"
 */
export async function showFailure(what: string, error: unknown, showLog: () => void): Promise<void> {
  if (error instanceof Cancelled || error instanceof vscode.CancellationError) return;
  const { text, details } = failureText(error);
  const message = plainMessage(`${what} failed: ${text}`);
  const remedy = error instanceof RankwiseError ? remedies.get(error.code) : undefined;
  const buttons = [
    ...(remedy === undefined ? [] : [remedy.button]),
    ...(details.length === 0 ? [] : [detailsButton]),
    showLogButton,
  ];
  const choice = await vscode.window.showErrorMessage(message, ...buttons);
  if (choice === showLogButton) showLog();
  if (remedy !== undefined && choice === remedy.button) await vscode.commands.executeCommand(remedy.command);
  if (choice === detailsButton) {
    await vscode.window.showErrorMessage(message, { modal: true, detail: details.join('\n\n') });
  }
}
