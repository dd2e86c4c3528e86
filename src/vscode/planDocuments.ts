import * as vscode from 'vscode';
import { describeError, RankwiseError } from '../base/errors';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Core } from '../core';
import type { RunView } from '../runs/model';
import { planScheme } from './ids';
import { planText } from '../text/planText';
import { runTitle } from './text/runText';

/**
 * Plans as read-only documents: of a launch as it would start now (it follows `rankwise.yaml`), and of a run as it
 * was started. Nothing is run or asked for them.
 */
export class PlanDocuments implements vscode.TextDocumentContentProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changed.event;

  constructor(private readonly core: Core) {
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(planScheme, this));
    this.store.add(core.config.onDidChange(() => this.refresh()));
  }

  /** @throws RankwiseError when the launch cannot be planned */
  async showLaunch(launch: string): Promise<void> {
    this.core.preview(launch);
    await show(
      vscode.Uri.from({ scheme: planScheme, path: `/${launch}.plan.sh`, query: 'launch', fragment: launch }),
    );
  }

  /** @throws RankwiseError when the run is not known */
  async showRun(run: string): Promise<void> {
    const title = runTitle(this.requireRun(run));
    await show(
      vscode.Uri.from({ scheme: planScheme, path: `/${title}.plan.sh`, query: 'run', fragment: run }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    try {
      return planText(
        uri.query === 'run' ? this.requireRun(uri.fragment).plan : this.core.preview(uri.fragment),
      );
    } catch (error) {
      return `# There is no plan now: ${describeError(error).replaceAll('\n', '\n# ')}\n`;
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  private requireRun(id: string): RunView {
    const run = this.core.runs.get(id);
    if (run === undefined) throw new RankwiseError('vscode.unknownRun', `run ${id} is not known any more`);
    return run;
  }

  private refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === planScheme && uri.query === 'launch') this.changed.fire(uri);
    }
  }
}

async function show(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, 'shellscript');
  await vscode.window.showTextDocument(document, { preview: true });
}
