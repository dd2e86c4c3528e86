import * as vscode from 'vscode';
import { createApp } from './app';
import { ChannelLogger } from './vscode/channelLogger';
import { showFailure } from './vscode/showFailure';

/** Builds the app. VS Code shows nothing when an activation fails, so a failure is reported here. */
export function activate(context: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Rankwise', { log: true });
  const logger = new ChannelLogger(channel);
  try {
    context.subscriptions.push(createApp(context, channel, logger));
  } catch (error) {
    context.subscriptions.push(channel);
    logger.error('activation failed', error);
    void showFailure('Starting Rankwise', error, () => channel.show());
  }
}
