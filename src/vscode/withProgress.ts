import * as vscode from 'vscode';
import type { Progress } from '../core';
import { plainMessage } from './plainMessage';

/**
 * Runs a long operation under a notification that says what happens and can cancel it.
 * @param title such as `Launching resnet50-4x2`
 */
export async function withProgress<T>(
  title: string,
  run: (progress: Progress, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title: plainMessage(title), cancellable: true },
    async (report, token) => {
      const controller = new AbortController();
      const subscription = token.onCancellationRequested(() => controller.abort());
      try {
        return await run((message) => report.report({ message: plainMessage(message) }), controller.signal);
      } finally {
        subscription.dispose();
      }
    },
  );
}
