import * as vscode from 'vscode';
import { parseHostfile } from '../../config/hostfile/hostfile';
import { isTooLarge } from '../../config/largestText';
import type { Core } from '../../core';
import { commandIds, languageIds } from '../ids';
import { slotsText } from '../text/slotsText';
import { Lenses } from './lenses';

/** `8 slots on 4 hosts · Check Hosts · Resolve Names` above a hostfile. */
export class HostfileLenses extends Lenses {
  constructor(core: Core) {
    super(core, { language: languageIds.hostfile });
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (isTooLarge(document.getText())) return [];
    const { entries } = parseHostfile(document.getText());
    if (entries.length === 0) return [];
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (command: string, title: string, tooltip: string, argument: unknown): vscode.CodeLens =>
      new vscode.CodeLens(top, { command, title, tooltip, arguments: [argument] });
    // Without a command it is only read.
    const size = new vscode.CodeLens(top, { command: '', title: slotsText(entries) });
    if (!vscode.workspace.isTrusted) return [size];
    const checks = this.clustersOf(document).map((cluster) =>
      lens(
        commandIds.clusterCheck,
        'Check Hosts',
        `Connect to every host of ${cluster} and ask what it has`,
        { cluster },
      ),
    );
    const resolve = lens(
      commandIds.hostfileResolve,
      'Resolve Names',
      'Ask ssh -G and the name service for the address of every host; nothing is connected to',
      document.uri,
    );
    return [size, ...checks, resolve];
  }

  private clustersOf({ uri }: vscode.TextDocument): string[] {
    const clusters = this.core.config.current?.clusters ?? [];
    return clusters.filter(({ hostfile }) => hostfile?.path === uri.fsPath).map(({ name }) => name);
  }
}
