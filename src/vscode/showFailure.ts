import * as vscode from 'vscode';
import { Cancelled, describeError } from '../base/errors';
import { commandIds } from './ids';

const showLog = 'Show Log';

/**
 * Tells a person once what failed, why, and what to do, with a button to the log. Cancelling is silent.
 * @param what such as `Launch`; shown as "Launch failed: why"
 */
export async function showFailure(what: string, error: unknown): Promise<void> {
  if (error instanceof Cancelled || error instanceof vscode.CancellationError) return;
  const choice = await vscode.window.showErrorMessage(`${what} failed: ${describeError(error)}`, showLog);
  if (choice === showLog) await vscode.commands.executeCommand(commandIds.logShow);
}
