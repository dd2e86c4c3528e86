import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../base/errors';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { Core } from '../../core';
import { exists } from '../exists';
import { configFileName } from '../ids';
import { Debouncer } from './debouncer';

const typingDelayMs = 150;

/**
 * Finds `rankwise.yaml` in the workspace folders and keeps the model up to date with it: typing, saving, and changes
 * from outside, of the file and of the files it names. Nothing is run for this; it works without trust.
 */
export class ConfigFinder implements Disposable {
  private readonly store = new DisposableStore();
  private readonly messageChanged = this.store.add(new Emitter<void>());
  readonly onDidChangeMessage = this.messageChanged.event;
  private fileWatchers = new DisposableStore();
  private watchedFiles = '';
  private found: { file: string; others: number } | undefined;
  private failure: string | undefined;
  private markReady: () => void = () => undefined;
  /** Resolves once the file was looked for and read for the first time. */
  readonly ready = new Promise<void>((resolve) => (this.markReady = resolve));
  private readonly loader: Debouncer;

  constructor(
    private readonly core: Core,
    private readonly logger: Logger,
  ) {
    this.loader = this.store.add(new Debouncer(() => this.load()));
    const soon = (): void => this.loader.after(0);
    const watcher = this.store.add(vscode.workspace.createFileSystemWatcher(`**/${configFileName}`));
    this.store.add(watcher.onDidCreate(soon));
    this.store.add(watcher.onDidChange(soon));
    this.store.add(watcher.onDidDelete(soon));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(soon));
    // Hostfiles outside of the folder are read from then on. Where there is none, the rows stay: a cluster that is opened
    // while VS Code gets them anew is not asked for its hosts.
    this.store.add(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        const problems = this.core.config.current?.problems ?? [];
        if (problems.some(({ code }) => code === 'rankwise.hostfileUnreadable')) soon();
      }),
    );
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (this.concerns(document)) this.loader.after(typingDelayMs);
      }),
    );
    const settled = (document: vscode.TextDocument): void => {
      if (this.concerns(document)) soon();
    };
    this.store.add(vscode.workspace.onDidSaveTextDocument(settled));
    this.store.add(vscode.workspace.onDidCloseTextDocument(settled));
    soon();
  }

  /** What the view says above its rows, or undefined when there is nothing to say. */
  get message(): string | undefined {
    if (this.failure !== undefined) return this.failure;
    if (this.found === undefined || this.found.others === 0) return undefined;
    return `From ${vscode.workspace.asRelativePath(this.found.file, true)}. Other workspace folders have a ${configFileName} as well; the first folder's is used.`;
  }

  dispose(): void {
    this.fileWatchers.dispose();
    this.store.dispose();
  }

  private async load(): Promise<void> {
    try {
      this.found = await findConfig();
      if (this.found === undefined) this.core.config.clear();
      else await this.core.config.reload(this.found.file, unsavedTexts());
      this.failure = undefined;
    } catch (error) {
      this.failure = `Cannot read ${configFileName}: ${describeError(error)}`;
      this.logger.error(`cannot read ${configFileName}`, error);
    }
    this.watchFiles();
    this.markReady();
    this.messageChanged.fire();
  }

  private concerns(document: vscode.TextDocument): boolean {
    if (document.uri.scheme !== 'file') return false;
    const { fsPath } = document.uri;
    return basename(fsPath) === configFileName || this.namedFiles().includes(fsPath);
  }

  /** Those that are missing too. */
  private namedFiles(): string[] {
    const config = this.core.config.current;
    const files = [
      ...(config?.files ?? []).map(({ path }) => path),
      ...(config?.problems ?? []).map(({ file }) => file),
    ];
    return [...new Set(files)].filter((file) => file !== config?.file);
  }

  private watchFiles(): void {
    const files = this.namedFiles();
    const key = files.join('\n');
    if (key === this.watchedFiles) return;
    this.watchedFiles = key;
    this.fileWatchers.dispose();
    this.fileWatchers = new DisposableStore();
    for (const file of files) {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(dirname(file)), basename(file));
      const watcher = this.fileWatchers.add(vscode.workspace.createFileSystemWatcher(pattern));
      const soon = (): void => this.loader.after(0);
      this.fileWatchers.add(watcher.onDidCreate(soon));
      this.fileWatchers.add(watcher.onDidChange(soon));
      this.fileWatchers.add(watcher.onDidDelete(soon));
    }
  }
}

/** The first workspace folder's `rankwise.yaml`, and how many folders have one besides. */
async function findConfig(): Promise<{ file: string; others: number } | undefined> {
  const files: string[] = [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const uri = vscode.Uri.joinPath(folder.uri, configFileName);
    if (uri.scheme === 'file' && (await exists(uri))) files.push(uri.fsPath);
  }
  const [file] = files;
  return file === undefined ? undefined : { file, others: files.length - 1 };
}

/** What editors hold and disks do not, by path. */
function unsavedTexts(): Map<string, string> {
  const unsaved = vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && uri.scheme === 'file',
  );
  return new Map(unsaved.map((document) => [document.uri.fsPath, document.getText()]));
}
