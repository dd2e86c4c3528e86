import * as vscode from 'vscode';
import { Cancelled, describeError } from '../../base/errors';
import type { Core } from '../../core';
import type { OutputFile } from '../../runs/leaves/listOutputs';
import { formatBytes } from '../../text/format';

/** How much of the past is shown at first. */
const pastBytes = 1024 * 1024;

/** A terminal that shows the end of a file of a run, and what is added to it, until it is closed. */
export class OutputTerminal implements vscode.Pseudoterminal {
  private readonly writeEmitter = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.writeEmitter.event;
  private readonly abort = new AbortController();
  private decoder = new TextDecoder();
  private trouble: string | undefined;

  constructor(
    private readonly core: Pick<Core, 'outputs'>,
    private readonly run: string,
    private readonly file: OutputFile,
  ) {}

  open(): void {
    void this.follow();
  }

  close(): void {
    this.abort.abort();
    this.writeEmitter.dispose();
  }

  private async follow(): Promise<void> {
    const { host, path, bytes } = this.file;
    const start = Math.max(0, bytes - pastBytes);
    this.note(`${path} on ${host}${start === 0 ? '' : `, its last ${formatBytes(bytes - start)} and on`}`);
    try {
      await this.core.outputs.follow(
        this.run,
        { host, path, start },
        {
          onBytes: (fresh, _offset, restarted) => this.show(fresh, restarted),
          onTrouble: (reason) => this.tell(reason),
        },
        this.abort.signal,
      );
    } catch (error) {
      if (!(error instanceof Cancelled)) this.note(describeError(error));
    }
  }

  private show(bytes: Buffer, restarted: boolean): void {
    if (this.trouble !== undefined) this.note('it goes on');
    this.trouble = undefined;
    if (restarted) {
      this.decoder = new TextDecoder();
      this.note('the file begins anew');
    }
    // Not a text: its bytes would steer the terminal.
    if (bytes.includes(0)) this.note(`${formatBytes(bytes.length)} that are no text`);
    else this.write(this.decoder.decode(bytes, { stream: true }).replace(/\r?\n/g, '\r\n'));
  }

  /** Each reason is told once while it lasts. */
  private tell(reason: string): void {
    if (reason !== this.trouble) this.note(reason);
    this.trouble = reason;
  }

  private note(text: string): void {
    this.write(`\x1b[2m── ${text} ──\x1b[0m\r\n`);
  }

  private write(text: string): void {
    if (!this.abort.signal.aborted) this.writeEmitter.fire(text);
  }
}
