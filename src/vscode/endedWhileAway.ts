import * as vscode from 'vscode';
import type { RunView } from '../runs/model';
import { count } from '../text/format';
import { viewIds } from './ids';
import { plainMessage } from './plainMessage';
import { runEnd } from './text/runEndText';

/** One message for all that ended while no window was open; what failed comes first. */
export async function tellEndedWhileAway(runs: readonly RunView[]): Promise<void> {
  const ends = runs.flatMap((run) => runEnd(run, undefined) ?? []);
  const failed = ends.filter(({ severity }) => severity === 'error');
  const [first] = [...failed, ...ends];
  if (first === undefined) return;
  const rest = ends.length - 1;
  const ofThem = failed.length > 1 ? `, ${failed.length} of all failed` : '';
  const more = rest === 0 ? '' : ` And ${count(rest, 'more run')} ended${ofThem}.`;
  const text = `While you were away: ${first.text.replace(/\.$/, '')}.${more}`;
  const show = failed.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const choice = await show(plainMessage(text), 'Show');
  if (choice !== undefined) await vscode.commands.executeCommand(`${viewIds.runs}.focus`);
}
