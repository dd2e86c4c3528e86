import * as vscode from 'vscode';
import { Cancelled } from '../base/errors';
import { failureText } from '../text/failureText';

const [showLogButton, detailsButton] = ['Show Extension Log', 'Details'];

/**
 * Tells a person once what failed, why, and what to do, with a button to the log. Cancelling is silent.
 * @param what such as `Launch`; shown as "Launch failed: why"
 */
export async function showFailure(what: string, error: unknown, showLog: () => void): Promise<void> {
  if (error instanceof Cancelled || error instanceof vscode.CancellationError) return;
  const { text, details } = failureText(error);
  const message = `${what} failed: ${text}`;
  const buttons = details.length === 0 ? [showLogButton] : [detailsButton, showLogButton];
  const choice = await vscode.window.showErrorMessage(message, ...buttons);
  if (choice === showLogButton) showLog();
  if (choice === detailsButton) {
    await vscode.window.showErrorMessage(message, { modal: true, detail: details.join('\n\n') });
  }
}
