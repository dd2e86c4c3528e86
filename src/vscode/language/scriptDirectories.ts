import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { existingDirectories } from '../../base/existingDirectories';
import { directoriesBeside } from '../../config/sbatch/directoriesBeside';
import { outputDirectories } from '../../config/sbatch/outputDirectories';
import type { KnownDirectories } from '../../config/sbatch/sbatchUse';

/** Which directories of sbatch scripts' output exist: beside the script, or, once the site was asked, there. */
export class ScriptDirectories implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;
  private readonly known = new Map<string, { wanted: string; directories: KnownDirectories | undefined }>();

  constructor() {
    const forget = ({ uri }: vscode.TextDocument): void => void this.known.delete(uri.toString());
    // Directories come while nobody writes in the script: a save is when they are looked for again.
    this.store.add(vscode.workspace.onDidSaveTextDocument(forget));
    this.store.add(vscode.workspace.onDidCloseTextDocument(forget));
  }

  /** What is known; looks for it, and tells later, where nothing is. */
  of(document: vscode.TextDocument): KnownDirectories | undefined {
    const known = this.known.get(document.uri.toString());
    const wanted = wantedOf(document);
    if (known?.wanted === wanted) return known.directories;
    this.put(document, undefined);
    if (document.uri.scheme === 'file' && wanted !== '') {
      void directoriesBeside(document.uri.fsPath, document.getText(), existingDirectories).then(
        (directories) => {
          const now = this.known.get(document.uri.toString());
          if (now?.wanted === wanted && now.directories === undefined) this.set(document, directories);
        },
      );
    }
    return undefined;
  }

  /** What a site has said of the present text. */
  set(document: vscode.TextDocument, directories: KnownDirectories): void {
    this.put(document, directories);
    this.changed.fire(document.uri);
  }

  private put(document: vscode.TextDocument, directories: KnownDirectories | undefined): void {
    this.known.set(document.uri.toString(), { wanted: wantedOf(document), directories });
  }

  dispose(): void {
    this.store.dispose();
  }
}

function wantedOf(document: vscode.TextDocument): string {
  return outputDirectories(document.getText()).join('\n');
}
