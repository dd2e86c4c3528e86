import * as vscode from 'vscode';
import { Cancelled, describeError } from '../base/errors';

const showLogButton = 'Show Log';

/**
 * Tells a person once what failed, why, and what to do, with a button to the log. Cancelling is silent.
 * @param what such as `Launch`; shown as "Launch failed: why"
 */
export async function showFailure(what: string, error: unknown, showLog: () => void): Promise<void> {
  if (error instanceof Cancelled || error instanceof vscode.CancellationError) return;
  const message = `${what} failed: ${describeError(error)}`;
  const choice = await vscode.window.showErrorMessage(message, showLogButton);
  if (choice === showLogButton) showLog();
}
