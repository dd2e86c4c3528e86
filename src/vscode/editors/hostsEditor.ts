import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';
import type { ConfigModel } from '../../config/model';
import type { Core } from '../../core';
import { readHostsToExtension, type HostsAsk, type HostsEdit, type HostsState } from '../../protocol/hosts';
import { commandIds, editorIds } from '../ids';
import type { EditorKind, EditorSession } from './editorKind';
import { hostsEdits } from './hostsEdits';
import { clustersOf, hostsChecks, hostsState, type HostsChecks } from './hostsState';

/** The hosts editor: a grid over a hostfile. */
export function hostsEditor(core: Core): EditorKind<HostsState, HostsEdit, HostsAsk> {
  return {
    viewType: editorIds.hosts,
    page: 'hosts',
    read: readHostsToExtension,
    open: (document, changed) => new HostsSession(core, document, changed),
  };
}

class HostsSession implements EditorSession<HostsState, HostsEdit, HostsAsk> {
  private readonly store = new DisposableStore();
  private checked: { text: string; config: ConfigModel | undefined; checks: HostsChecks } | undefined;

  constructor(
    private readonly core: Core,
    private readonly document: vscode.TextDocument,
    changed: () => void,
  ) {
    this.store.add(core.config.onDidChange(changed));
    this.store.add(core.clusters.onDidChange(changed));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(changed));
  }

  state(): HostsState {
    const { config, clusters } = this.core;
    const path = this.document.uri.fsPath;
    const text = this.document.getText();
    return hostsState({
      path,
      text,
      config: config.current,
      checks: this.checks(path, text),
      trusted: vscode.workspace.isTrusted,
      status: (cluster, host) => clusters.status(cluster, host),
    });
  }

  edits(edit: HostsEdit): ReturnType<typeof hostsEdits> {
    return hostsEdits(this.document.getText(), edit, () => this.state());
  }

  /** By the command, so that trust, progress and errors are as everywhere. */
  async ask(): Promise<void> {
    for (const cluster of clustersOf(this.document.uri.fsPath, this.core.config.current)) {
      await vscode.commands.executeCommand(commandIds.clusterCheck, { cluster });
    }
  }

  /** News of hosts come often, and check nothing again. */
  private checks(path: string, text: string): HostsChecks {
    const config = this.core.config.current;
    if (this.checked?.text !== text || this.checked.config !== config) {
      this.checked = { text, config, checks: hostsChecks(path, text, config) };
    }
    return this.checked.checks;
  }

  dispose(): void {
    this.store.dispose();
  }
}
