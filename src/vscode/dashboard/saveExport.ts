import * as vscode from 'vscode';
import { describeError, RankwiseError } from '../../base/errors';
import type { RunMetrics } from '../../metrics/runMetrics';
import type { ExportFormat, ToExtension } from '../../protocol/dashboard';
import type { RunView } from '../../runs/model';
import { plainMessage } from '../plainMessage';
import { runToCsv, runToJson } from './exportRun';

const formatNames: Readonly<Record<ExportFormat, string>> = { png: 'Picture', csv: 'Table', json: 'JSON' };

/** Asks where to and writes what the page asked for; a failure is shown with its reason. */
export async function saveExport(
  request: Extract<ToExtension, { type: 'export' }>,
  run: RunView | undefined,
  metrics: RunMetrics | undefined,
): Promise<void> {
  try {
    if (run === undefined || metrics === undefined) {
      throw new RankwiseError('dashboard.nothingToExport', 'the logs of this run are not read yet', {
        nextStep: 'Try again once numbers are shown.',
      });
    }
    const { format } = request;
    const name = `${run.launch}-${run.number}.${format}`.replace(/[^A-Za-z0-9._-]+/g, '-');
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const target = await vscode.window.showSaveDialog({
      title: 'Export results',
      filters: { [formatNames[format]]: [format] },
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    });
    if (target === undefined) return;
    await vscode.workspace.fs.writeFile(target, content(format, request.data, run, metrics));
    void offerToOpen(target);
  } catch (error) {
    void vscode.window.showErrorMessage(
      plainMessage(`The results could not be exported: ${describeError(error)}`),
    );
  }
}

async function offerToOpen(target: vscode.Uri): Promise<void> {
  const name = target.path.slice(target.path.lastIndexOf('/') + 1);
  const choice = await vscode.window.showInformationMessage(`The results were exported to ${name}.`, 'Open');
  if (choice === 'Open') await vscode.commands.executeCommand('vscode.open', target);
}

function content(format: ExportFormat, picture: string, run: RunView, metrics: RunMetrics): Uint8Array {
  switch (format) {
    case 'png':
      return Buffer.from(picture, 'base64');
    case 'csv':
      return Buffer.from(runToCsv(run, metrics), 'utf8');
    case 'json':
      return Buffer.from(runToJson(run, metrics), 'utf8');
  }
}
