import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { kindOf, usesOf, type FileKind, type FileUses } from '../../config/checkFile';
import { isTooLarge } from '../../config/largestText';
import type { SiteFacts } from '../../config/sbatch/siteFacts';
import type { Core } from '../../core';
import { foundGpus } from '../editors/hostsLive';
import { jsonWithComments, languageIds } from '../ids';
import type { ScriptDirectories } from './scriptDirectories';

/** What kind of file a document is: as `rankwise.yaml` names it, as its language says, else by its name and content. */
export class FileKinds implements Disposable {
  private readonly store = new DisposableStore();

  constructor(
    private readonly core: Core,
    private readonly directories: ScriptDirectories,
  ) {
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

  /** How the launches use it, and what was found on their hosts and sites; nothing of one that is too large to be checked. */
  knownOf(document: vscode.TextDocument): FileUses {
    if (isTooLarge(document.getText())) return {};
    const uses = this.usesOf(document);
    const { config, clusters } = this.core;
    if (uses.hostfile !== undefined) {
      const found = foundGpus(document.uri.fsPath, config.current, (cluster, host) =>
        clusters.status(cluster, host),
      );
      const gpusOf = new Map([...(uses.hostfile.gpusOf ?? []), ...found]);
      return { ...uses, hostfile: { ...uses.hostfile, gpusOf } };
    }
    if (this.of(document) !== 'sbatch') return uses;
    const [site, directories] = [this.siteOf(document), this.directories.of(document)];
    return { ...uses, sbatch: { ...uses.sbatch, site, directories } };
  }

  /** What is known of the one site that a script is for: that of its launches, else the only one there is. */
  private siteOf({ uri }: vscode.TextDocument): SiteFacts | undefined {
    const config = this.core.config.current;
    const named = config?.files?.find(({ kind, path }) => kind === 'sbatch' && path === uri.fsPath);
    const all = config?.clusters.filter(({ slurm }) => slurm !== undefined) ?? [];
    const names = new Set(named?.uses.map(({ launch }) => launch.cluster) ?? all.map(({ name }) => name));
    const [only] = names;
    return only === undefined || names.size > 1 ? undefined : this.core.slurm.status(only).site;
  }

  /**
   * A hostfile that only `rankwise.yaml` knows as one gets its language, and a training configuration that of JSON with
   * comments, which are allowed in it. One that has another language already keeps it.
   */
  private readonly claim = (document: vscode.TextDocument): void => {
    const { languageId } = document;
    const language =
      languageId === 'plaintext' && this.usesOf(document).hostfile !== undefined
        ? languageIds.hostfile
        : languageId === 'json' && this.of(document) === 'training'
          ? jsonWithComments
          : undefined;
    if (language !== undefined) void vscode.languages.setTextDocumentLanguage(document, language);
  };

  dispose(): void {
    this.store.dispose();
  }
}

/** Files, and those that are not saved yet; no old side of a diff, no read-only text of ours. */
export function isChecked({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'file' || uri.scheme === 'untitled';
}
