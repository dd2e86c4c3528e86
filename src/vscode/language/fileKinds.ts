import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { kindOf, usesOf, type FileKind, type FileUses } from '../../config/checkFile';
import type { Core } from '../../core';
import { foundGpus } from '../editors/hostsLive';
import { languageIds } from '../ids';

/** What kind of file a document is: as `rankwise.yaml` names it, as its language says, else by its name and content. */
export class FileKinds implements Disposable {
  private readonly store = new DisposableStore();

  constructor(private readonly core: Core) {
    this.store.add(core.config.onDidChange(() => vscode.workspace.textDocuments.forEach(this.claim)));
    this.store.add(vscode.workspace.onDidOpenTextDocument(this.claim));
    vscode.workspace.textDocuments.forEach(this.claim);
  }

  of(document: vscode.TextDocument): FileKind | undefined {
    if (!isChecked(document)) return undefined;
    const uses = this.usesOf(document);
    if (uses.hostfile !== undefined || document.languageId === languageIds.hostfile) return 'hostfile';
    if (uses.sbatch !== undefined) return 'sbatch';
    if (uses.training !== undefined) return 'training';
    return kindOf(document.uri.fsPath, document.getText());
  }

  /** How the launches use it. */
  usesOf({ uri }: vscode.TextDocument): FileUses {
    const config = this.core.config.current;
    return config === undefined || uri.scheme !== 'file' ? {} : usesOf(uri.fsPath, config);
  }

  /** How the launches use it, and what was found on their hosts and sites. */
  knownOf(document: vscode.TextDocument): FileUses {
    const uses = this.usesOf(document);
    const { config, clusters } = this.core;
    if (uses.hostfile === undefined) return uses;
    const found = foundGpus(document.uri.fsPath, config.current, (cluster, host) =>
      clusters.status(cluster, host),
    );
    const gpusOf = new Map([...(uses.hostfile.gpusOf ?? []), ...found]);
    return { ...uses, hostfile: { ...uses.hostfile, gpusOf } };
  }

  /** A hostfile that only `rankwise.yaml` knows as one gets its language; one that has a language already keeps it. */
  private readonly claim = (document: vscode.TextDocument): void => {
    if (document.languageId !== 'plaintext' || this.usesOf(document).hostfile === undefined) return;
    void vscode.languages.setTextDocumentLanguage(document, languageIds.hostfile);
  };

  dispose(): void {
    this.store.dispose();
  }
}

/** Files, and those that are not saved yet; no old side of a diff, no read-only text of ours. */
export function isChecked({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'file' || uri.scheme === 'untitled';
}
