import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Core } from '../core';
import { viewIds } from './ids';
import { KeyedThrottle } from '../base/keyedThrottle';
import type { RunSummaries } from './runSummaries';
import { isActive } from './text/runText';
import { statusText } from './text/statusText';

const refreshIntervalMs = 1000;

/** `1 run · 1,240/s` in the status bar while a run is active; a click shows the runs. */
export class StatusBar implements Disposable {
  private readonly store = new DisposableStore();
  private readonly item = this.store.add(
    vscode.window.createStatusBarItem('rankwise.status', vscode.StatusBarAlignment.Left),
  );

  constructor(
    private readonly core: Core,
    private readonly summaries: RunSummaries,
  ) {
    this.item.name = 'Rankwise';
    this.item.command = `${viewIds.runs}.focus`;
    this.item.tooltip = 'Show the runs of Rankwise';
    const changes = this.store.add(new KeyedThrottle(refreshIntervalMs, () => this.show()));
    this.store.add(core.runs.onDidChange(({ run }) => changes.changed(run)));
    this.store.add(summaries.onDidChange(({ run }) => changes.changed(run)));
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.show()));
    this.show();
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Until the workspace is trusted no host is asked, so what runs is not known. */
  private show(): void {
    const active = this.core.runs.all.filter(({ state }) => isActive(state));
    const [first] = active;
    if (first === undefined || !vscode.workspace.isTrusted) {
      this.item.hide();
      return;
    }
    const throughput = active.length === 1 ? this.summaries.get(first.id)?.throughput : undefined;
    this.item.text = `$(pulse) ${statusText(active.length, throughput)}`;
    this.item.show();
  }
}
