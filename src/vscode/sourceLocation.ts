import * as vscode from 'vscode';
import type { Position, Range } from '../config/problem';

export function toVscodePosition(position: Position): vscode.Position {
  return new vscode.Position(position.line, position.character);
}

export function toVscodeRange(range: Range): vscode.Range {
  return new vscode.Range(toVscodePosition(range.start), toVscodePosition(range.end));
}

/** The click of a row that opens a file at a place. */
export function openCommand(file: string, range: Range): vscode.Command {
  return {
    command: 'vscode.open',
    title: 'Open',
    arguments: [vscode.Uri.file(file), { selection: toVscodeRange(range) }],
  };
}

/** Shows a file with the cursor at a zero-based line. */
export async function openAtLine(file: string, line: number): Promise<void> {
  const selection = new vscode.Range(line, 0, line, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection });
}
