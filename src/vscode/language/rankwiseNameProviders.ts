import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { namedPath } from '../../config/namedFiles';
import {
  rankwiseDefinitions,
  rankwiseReferences,
  rankwiseRename,
  rankwiseRenameable,
} from '../../language/rankwiseNames';
import { configFileName } from '../ids';
import { toRange, toWorkspaceEdit } from './conversions';

/** Go to Definition, Find All References and Rename for the names in `rankwise.yaml`, and the way to the files it names. */
export class RankwiseNameProviders
  implements vscode.DefinitionProvider, vscode.ReferenceProvider, vscode.RenameProvider, Disposable
{
  private readonly store = new DisposableStore();

  constructor() {
    const selector = { scheme: 'file', pattern: `**/${configFileName}` };
    this.store.add(vscode.languages.registerDefinitionProvider(selector, this));
    this.store.add(vscode.languages.registerReferenceProvider(selector, this));
    this.store.add(vscode.languages.registerRenameProvider(selector, this));
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.LocationLink[] {
    return rankwiseDefinitions(document.getText(), document.offsetAt(position)).map((found) => {
      if (!('file' in found)) {
        return { targetUri: document.uri, targetRange: toRange(document, found.start, found.end) };
      }
      return {
        originSelectionRange: toRange(document, found.start, found.end),
        targetUri: vscode.Uri.file(namedPath(document.uri.fsPath, found.file)),
        targetRange: new vscode.Range(0, 0, 0, 0),
      };
    });
  }

  provideReferences(document: vscode.TextDocument, position: vscode.Position): vscode.Location[] {
    return rankwiseReferences(document.getText(), document.offsetAt(position)).map(
      ({ start, end }) => new vscode.Location(document.uri, toRange(document, start, end)),
    );
  }

  prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { range: vscode.Range; placeholder: string } {
    const found = rankwiseRenameable(document.getText(), document.offsetAt(position));
    // The message is what VS Code shows; an Error is its way to refuse.
    if (found === undefined) {
      throw new Error('Only names of clusters, launches and parameters of this file can be renamed.');
    }
    return { range: toRange(document, found.start, found.end), placeholder: found.name };
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): vscode.WorkspaceEdit {
    const renamed = rankwiseRename(document.getText(), document.offsetAt(position), newName);
    if ('refused' in renamed) throw new Error(renamed.refused);
    return toWorkspaceEdit(document, renamed.edits);
  }

  dispose(): void {
    this.store.dispose();
  }
}
