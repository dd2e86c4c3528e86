import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';
import type { ConfigModel } from '../../config/model';
import type { Core, HostStatus } from '../../core';
import { readHostsToExtension, type HostsAsk, type HostsEdit, type HostsState } from '../../protocol/hosts';
import { commandIds, editorIds } from '../ids';
import type { EditorKind, EditorSession } from './editorKind';
import { hostsEdits } from './hostsEdits';
import { foundGpus } from './hostsLive';
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

/** The checks of a text, and what they were made of. */
interface Checked {
  text: string;
  config: ConfigModel | undefined;
  gpus: string;
  checks: HostsChecks;
}

class HostsSession implements EditorSession<HostsState, HostsEdit, HostsAsk> {
  private readonly store = new DisposableStore();
  private checked: Checked | undefined;

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
    const path = this.document.uri.fsPath;
    const text = this.document.getText();
    const config = this.core.config.current;
    const trusted = vscode.workspace.isTrusted;
    return hostsState({
      path,
      text,
      config,
      checks: this.checks(path, text, trusted),
      trusted,
      status: this.status,
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

  /** News of hosts come often; most of them change no finding. */
  private checks(path: string, text: string, trusted: boolean): HostsChecks {
    const config = this.core.config.current;
    const found = trusted ? foundGpus(path, config, this.status) : new Map<string, number>();
    const gpus = JSON.stringify([...found]);
    const { checked } = this;
    if (checked?.text === text && checked.config === config && checked.gpus === gpus) return checked.checks;
    const checks = hostsChecks(path, text, config, found);
    this.checked = { text, config, gpus, checks };
    return checks;
  }

  private readonly status = (cluster: string, host: string): HostStatus =>
    this.core.clusters.status(cluster, host);

  dispose(): void {
    this.store.dispose();
  }
}
