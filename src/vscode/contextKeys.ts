import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import { kindOf, usesOf } from '../config/checkFile';
import type { Core } from '../core';
import { isScript } from './commands/slurmCommands';
import { contextKeys } from './ids';
import type { TensorBoards } from './outputs/tensorBoards';
import { isActive } from './text/runText';

/** Keeps the context keys, on which commands and welcome texts depend, equal to the state of the core. */
export class ContextKeys implements Disposable {
  private readonly store = new DisposableStore();
  private readonly set = new Map<string, string>();

  constructor(
    private readonly core: Core,
    private readonly boards: TensorBoards,
  ) {
    const update = (): void => this.update();
    this.store.add(core.config.onDidChange(update));
    this.store.add(core.runs.onDidChange(update));
    this.store.add(core.groups.onDidChange(update));
    this.store.add(boards.onDidChange(update));
    this.store.add(core.practice.onDidChange(update));
    this.store.add(vscode.window.onDidChangeActiveTextEditor(update));
    this.store.add(vscode.workspace.onDidSaveTextDocument(update));
    update();
  }

  dispose(): void {
    this.store.dispose();
  }

  private update(): void {
    const config = this.core.config.current;
    const runs = this.core.runs.all;
    this.put(contextKeys.hasConfig, config !== undefined);
    this.put(contextKeys.hasLaunches, (config?.launches.length ?? 0) > 0);
    this.put(contextKeys.hasHosts, config?.clusters.some(({ hosts }) => hosts.length > 0) ?? false);
    this.put(contextKeys.hasSlurm, config?.clusters.some(({ slurm }) => slurm !== undefined) ?? false);
    const hostfiles = config?.clusters.flatMap(({ hostfile }) => hostfile?.path ?? []) ?? [];
    this.put(contextKeys.hostfiles, hostfiles);
    const editor = vscode.window.activeTextEditor?.document;
    this.put(contextKeys.editorIsSbatch, editor !== undefined && isScript(editor));
    this.put(contextKeys.editorIsTraining, editor !== undefined && this.isTraining(editor));
    this.put(contextKeys.hasRuns, runs.length > 0);
    this.put(
      contextKeys.hasPages,
      runs.some(({ state, plan }) => isActive(state) && plan.pages.length > 0),
    );
    this.put(
      contextKeys.hasOutputs,
      runs.some(({ plan }) => plan.outputs.length > 0),
    );
    this.put(contextKeys.hasTensorBoards, this.boards.all.length > 0);
    this.put(contextKeys.hasGroups, this.core.groups.all.length > 0);
    this.put(
      contextKeys.hasActiveRuns,
      runs.some(({ state }) => isActive(state)),
    );
    this.put(
      contextKeys.hasEndedRuns,
      runs.some(({ state }) => !isActive(state)),
    );
    this.put(
      contextKeys.hasStoppedRuns,
      runs.some(({ state }) => state.kind === 'ended' && state.by === 'stop'),
    );
    this.put(contextKeys.practice, this.core.practice.state.kind);
  }

  /** Named as such by a launch, or known by its keys. */
  private isTraining(document: vscode.TextDocument): boolean {
    const { fsPath, scheme } = document.uri;
    const config = this.core.config.current;
    if (scheme !== 'file' || !fsPath.endsWith('.json')) return false;
    const isNamed = config !== undefined && usesOf(fsPath, config).training !== undefined;
    return isNamed || kindOf(fsPath, document.getText()) === 'training';
  }

  private put(key: string, value: boolean | string | string[]): void {
    const known = JSON.stringify(value);
    if (this.set.get(key) === known) return;
    this.set.set(key, known);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
