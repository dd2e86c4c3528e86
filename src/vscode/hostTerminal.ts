import * as vscode from 'vscode';
import { describeError } from '../base/errors';
import type { Core } from '../core';
import type { RemoteShell } from '../ssh/connection';
import type { SshTarget } from '../ssh/target';

const defaultSize = { columns: 80, rows: 24 };

/** A shell on a host, in a terminal of the editor, over the connection that Rankwise has anyway. */
export class HostTerminal implements vscode.Pseudoterminal {
  private readonly writeEmitter = new vscode.EventEmitter<string>();
  private readonly closeEmitter = new vscode.EventEmitter<number | void>();
  readonly onDidWrite = this.writeEmitter.event;
  readonly onDidClose = this.closeEmitter.event;
  private readonly abort = new AbortController();
  private size = defaultSize;
  private shell: RemoteShell | undefined;
  /** Nothing to type into any more: the text stays to be read until a key is pressed. */
  private over = false;

  constructor(
    private readonly core: Core,
    private readonly host: string,
    private readonly target: SshTarget,
  ) {}

  open(initial: vscode.TerminalDimensions | undefined): void {
    if (initial !== undefined) this.size = initial;
    void this.run();
  }

  close(): void {
    this.abort.abort();
    this.shell?.dispose();
    this.writeEmitter.dispose();
    this.closeEmitter.dispose();
  }

  handleInput(data: string): void {
    if (this.over) this.closeEmitter.fire();
    else this.shell?.stdin.write(data);
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.size = size;
    this.shell?.resize(size);
  }

  private async run(): Promise<void> {
    try {
      this.write(`\x1b[2mConnecting to ${this.host}…\x1b[0m\r\n`);
      const connection = await this.core.connect(this.target, this.abort.signal);
      const shell = await connection.shell(this.size);
      if (this.abort.signal.aborted) {
        shell.dispose();
        return;
      }
      this.shell = shell;
      shell.resize(this.size);
      this.show(shell);
      const { code, lost } = await shell.ended;
      if (!lost && code === 0) this.closeEmitter.fire();
      else
        this.end(
          lost ? `The connection to ${this.host} was lost` : `The shell ended with ${code ?? 'a signal'}`,
        );
    } catch (error) {
      this.end(`Cannot open a terminal on ${this.host}: ${describeError(error)}`);
    }
  }

  private show(shell: RemoteShell): void {
    for (const stream of [shell.stdout, shell.stderr]) {
      const decoder = new TextDecoder();
      stream.on('data', (bytes: Buffer) => this.write(decoder.decode(bytes, { stream: true })));
    }
  }

  private end(reason: string): void {
    this.over = true;
    this.write(`\r\n\x1b[31m${reason}\x1b[0m\r\nPress any key to close.\r\n`);
  }

  private write(text: string): void {
    if (!this.abort.signal.aborted) this.writeEmitter.fire(text);
  }
}
