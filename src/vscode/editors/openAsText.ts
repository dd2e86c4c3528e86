import * as vscode from 'vscode';
import type { TextPlace } from '../../protocol/editor';

/** Shows the text of a document beside its custom editor's tab, with the cursor at a place. */
export async function openAsText(uri: vscode.Uri, at?: TextPlace, column?: vscode.ViewColumn): Promise<void> {
  const options: vscode.TextDocumentShowOptions = {};
  if (column !== undefined) options.viewColumn = column;
  if (at !== undefined) options.selection = new vscode.Range(at.line, at.character, at.line, at.character);
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default', options);
}
