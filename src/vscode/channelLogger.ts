import type * as vscode from 'vscode';
import type { Logger } from '../base/logger';

/** Writes to the output channel "Rankwise". */
export class ChannelLogger implements Logger {
  constructor(private readonly channel: vscode.LogOutputChannel) {}

  debug(message: string): void {
    this.channel.debug(message);
  }

  info(message: string): void {
    this.channel.info(message);
  }

  warn(message: string): void {
    this.channel.warn(message);
  }

  error(message: string, cause?: unknown): void {
    const reason = cause instanceof Error ? (cause.stack ?? cause.message) : cause;
    if (reason === undefined) this.channel.error(message);
    else this.channel.error(message, reason);
  }
}
