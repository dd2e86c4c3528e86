import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { describeError } from '../../base/errors';
import type { Core } from '../../core';
import type { RunMetrics } from '../../metrics/runMetrics';
import type { ToExtension, ToPage } from '../../protocol/dashboard';
import { readToExtension } from '../../protocol/dashboardGuards';
import { plainMessage } from '../plainMessage';
import { QueueWatch } from '../queueWatch';
import { loadPage } from '../webviewPage';
import { DashboardFeed } from './dashboardFeed';
import { saveExport } from './saveExport';

/** What the buttons of a dashboard do; failures are shown by whoever implements it. */
export interface DashboardActions {
  stop(run: string): void;
  showLogs(run: string, worker?: string): void;
  showPlan(run: string): void;
  openTerminal(run: string, worker?: string): void;
}

/** One dashboard: the page of one run, its feed, and what its buttons do. */
export class DashboardPanel implements Disposable {
  private readonly store = new DisposableStore();
  private readonly feed: DashboardFeed;
  private metrics: RunMetrics | undefined;

  constructor(
    private readonly core: Core,
    private readonly panel: vscode.WebviewPanel,
    private readonly run: string,
    private readonly actions: DashboardActions,
    extensionUri: vscode.Uri,
  ) {
    const { webview } = panel;
    const source = {
      run: () => core.runs.get(run),
      metrics: () => this.metrics,
      clock: systemClock,
      trusted: () => vscode.workspace.isTrusted,
    };
    this.feed = this.store.add(new DashboardFeed(source, (message) => this.post(message)));
    loadPage(webview, extensionUri, 'dashboard', panel.title, { run });
    this.store.add(webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    const queues = this.store.add(new QueueWatch(core));
    queues.setVisible(panel.visible);
    this.store.add(
      panel.onDidChangeViewState(() => {
        this.feed.setVisible(panel.visible);
        queues.setVisible(panel.visible);
      }),
    );
    this.store.add(vscode.window.onDidChangeActiveColorTheme(() => this.feed.sendAll()));
    let wasKnown = core.runs.get(run) !== undefined;
    this.store.add(
      core.runs.onDidChange((change) => {
        if (change.run !== run) return;
        const isKnown = core.runs.get(run) !== undefined;
        // A run that was removed leaves nothing to look at; one that is not read yet may still come.
        if (wasKnown && !isKnown) panel.dispose();
        else this.feed.changed();
        wasKnown = isKnown;
      }),
    );
    this.store.add(panel.onDidDispose(() => this.dispose()));
    void this.openMetrics();
  }

  reveal(): void {
    this.panel.reveal();
  }

  dispose(): void {
    this.store.dispose();
  }

  /** The numbers come after the page: a long log takes a while to read, and the run's state is worth showing. */
  private async openMetrics(): Promise<void> {
    if (this.core.runs.get(this.run) === undefined) return;
    try {
      this.metrics = this.store.add(await this.core.openMetrics(this.run));
      this.store.add(this.metrics.onDidChange((change) => this.feed.changed(change)));
      this.feed.changed();
    } catch (error) {
      void vscode.window.showErrorMessage(
        plainMessage(`${this.panel.title}: the logs could not be read: ${describeError(error)}`),
      );
    }
  }

  private post(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }

  private receive(value: unknown): void {
    const message = readToExtension(value);
    if (message !== undefined) this.handle(message);
  }

  private handle(message: ToExtension): void {
    switch (message.type) {
      case 'ready':
        this.feed.setView(message.view);
        return this.feed.sendAll();
      case 'view':
        return this.feed.setView(message.view);
      case 'resync':
        return this.feed.sendAll();
      case 'stop':
        return this.actions.stop(this.run);
      case 'showLogs':
        return this.actions.showLogs(this.run, message.worker ?? undefined);
      case 'showPlan':
        return this.actions.showPlan(this.run);
      case 'openTerminal':
        return this.actions.openTerminal(this.run, message.worker ?? undefined);
      case 'export':
        void saveExport(message, this.core.runs.get(this.run), this.metrics);
    }
  }
}
