import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Core } from '../../core';
import { pageOptions } from '../webviewPage';
import { DashboardPanel, type DashboardActions } from './dashboardPanel';

const viewType = 'rankwise.dashboard';

/** At most one dashboard per run; those open when the window was closed or reloaded come back with it. */
export class DashboardPanels implements Disposable {
  private readonly store = new DisposableStore();
  private readonly panels = new Map<string, DashboardPanel>();

  constructor(
    private readonly core: Core,
    private readonly extensionUri: vscode.Uri,
    private readonly actions: DashboardActions,
  ) {
    this.store.add(
      vscode.window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (panel, state: unknown) => {
          const run = savedRun(state);
          if (run === undefined) panel.dispose();
          else this.adopt(panel, run);
          return Promise.resolve();
        },
      }),
    );
  }

  /** Shows the dashboard of a run, in the editor column in use. */
  open(runId: string): void {
    const known = this.panels.get(runId);
    if (known !== undefined) return known.reveal();
    const panel = vscode.window.createWebviewPanel(
      viewType,
      this.title(runId),
      vscode.ViewColumn.Active,
      pageOptions(this.extensionUri),
    );
    this.adopt(panel, runId);
  }

  dispose(): void {
    this.store.dispose();
    for (const panel of this.panels.values()) panel.dispose();
    this.panels.clear();
  }

  private adopt(panel: vscode.WebviewPanel, run: string): void {
    const media = vscode.Uri.joinPath(this.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'dashboard-light.svg'),
      dark: vscode.Uri.joinPath(media, 'dashboard-dark.svg'),
    };
    const dashboard = new DashboardPanel(this.core, panel, run, this.actions, this.extensionUri);
    this.panels.set(run, dashboard);
    panel.onDidDispose(() => {
      if (this.panels.get(run) === dashboard) this.panels.delete(run);
    });
  }

  private title(runId: string): string {
    const run = this.core.runs.get(runId);
    return run === undefined ? runId : `${run.launch} #${run.number}`;
  }
}

/** The run id that the page keeps in its state, whatever an older page left there. */
function savedRun(state: unknown): string | undefined {
  if (typeof state !== 'object' || state === null || !('run' in state)) return undefined;
  return typeof state.run === 'string' && state.run !== '' ? state.run : undefined;
}
