import { basename } from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../../base/clock';
import type { Core } from '../../core';
import type { RunView } from '../../runs/model';
import { commandIds, configFileName } from '../ids';
import type { RunSummaries } from '../runSummaries';
import { toVscodePosition } from '../sourceLocation';
import { lastRunText } from '../text/lastRunText';
import { Lenses } from './lenses';

/** `Launch · Preview Plan · last run …` above every launch of `rankwise.yaml`; nothing that starts until the workspace is trusted. What has an error says so. */
export class LaunchLenses extends Lenses {
  /** What the lenses say of runs. */
  private said = '';

  constructor(
    core: Core,
    private readonly summaries: RunSummaries,
  ) {
    super(core, { scheme: 'file', pattern: `**/${configFileName}` });
    this.store.add(core.runs.onDidChange(() => this.runsChanged()));
    this.store.add(summaries.onDidChange(() => this.runsChanged()));
    this.store.add(vscode.window.onDidChangeVisibleTextEditors((editors) => this.look(editors)));
    this.look(vscode.window.visibleTextEditors);
    // "12 min ago" is true for a minute.
    const minute = setInterval(() => this.runsChanged(), 60_000);
    this.store.add({ dispose: () => clearInterval(minute) });
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const config = this.core.config.current;
    if (config?.file !== document.uri.fsPath) return [];
    const broken = (config.broken ?? []).map(
      ({ range }) =>
        new vscode.CodeLens(new vscode.Range(toVscodePosition(range.start), toVscodePosition(range.start)), {
          command: 'workbench.actions.view.problems',
          title: '$(error) Has an error',
          tooltip: 'It cannot be used until this is mended. Show the problems',
        }),
    );
    const launches = config.launches.flatMap(({ name, range }) => {
      const at = new vscode.Range(toVscodePosition(range.start), toVscodePosition(range.start));
      const argument = { launch: name };
      const launch = new vscode.CodeLens(at, {
        command: commandIds.launchStart,
        title: '$(play) Launch',
        tooltip: `Start ${name} on its cluster`,
        arguments: [argument],
      });
      const preview = new vscode.CodeLens(at, {
        command: commandIds.launchPreview,
        title: 'Preview Plan',
        tooltip: 'Every file and command, without running any',
        arguments: [argument],
      });
      return [...(vscode.workspace.isTrusted ? [launch] : []), preview, ...this.lastRun(name, at)];
    });
    return [...broken, ...launches];
  }

  private lastRun(launch: string, at: vscode.Range): vscode.CodeLens[] {
    const last = newestRun(this.core, launch);
    if (last === undefined) return [];
    return [
      new vscode.CodeLens(at, {
        command: commandIds.runOpenDashboard,
        title: this.text(last),
        tooltip: 'Open its dashboard',
        arguments: [{ run: last.id }],
      }),
    ];
  }

  private text(run: RunView): string {
    return lastRunText(run, this.summaries.get(run.id), systemClock.now());
  }

  /** Runs change many times a second, what is said of them here seldom. */
  private runsChanged(): void {
    const launches = this.core.config.current?.launches ?? [];
    const said = launches.map(({ name }) => {
      const last = newestRun(this.core, name);
      return last && this.text(last);
    });
    if (said.join('\n') === this.said) return;
    this.said = said.join('\n');
    this.changed.fire();
  }

  /** Numbers of ended runs are read only while somebody sees them. */
  private look(editors: readonly vscode.TextEditor[]): void {
    const seen = editors.some(({ document }) => basename(document.uri.fsPath) === configFileName);
    this.summaries.setVisible(this, seen);
  }

  override dispose(): void {
    this.summaries.setVisible(this, false);
    super.dispose();
  }
}

function newestRun({ runs }: Core, launch: string): RunView | undefined {
  return runs.all
    .filter((run) => run.launch === launch)
    .reduce<RunView | undefined>(
      (newest, run) => (newest === undefined || run.startedAt > newest.startedAt ? run : newest),
      undefined,
    );
}
