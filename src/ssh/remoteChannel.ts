import type { ClientChannel } from 'ssh2';
import type { RemoteShell, RemoteStream } from './connection';

export type ChannelEnd = Awaited<RemoteStream['ended']>;

/** One channel with a command or a shell. Settles exactly once, also when the connection goes away. */
export class RemoteChannel implements RemoteShell {
  readonly stdin: RemoteStream['stdin'];
  readonly stdout: RemoteStream['stdout'];
  readonly stderr: RemoteStream['stderr'];
  readonly ended: Promise<ChannelEnd>;
  private abandoned = false;
  private settle: (end: ChannelEnd) => void = () => undefined;
  private code: number | undefined;
  private signalName: string | undefined;

  constructor(private readonly channel: ClientChannel) {
    this.stdin = channel;
    this.stdout = channel;
    this.stderr = channel.stderr;
    this.ended = new Promise((resolve) => (this.settle = resolve));
    const onExit = (code?: number | null, signalName?: string): void => {
      this.code ??= code ?? undefined;
      this.signalName ??= signalName;
    };
    channel.on('exit', onExit);
    // The exit of a short command may come with the answer to its start, before anybody listens: `close` repeats it.
    channel.on('close', (code?: number | null, signalName?: string) => {
      onExit(code, signalName);
      this.end(false);
    });
    // Writing to a command that has ended is no news: `ended` says so.
    channel.on('error', () => undefined);
    channel.stderr.on('error', () => undefined);
    // A full standard error would stop the command; the caller's listeners, attached by now, come first.
    setImmediate(() => {
      if (channel.stderr.readableFlowing === null && channel.stderr.listenerCount('readable') === 0) {
        channel.stderr.resume();
      }
    });
  }

  /**
   * Nobody waits for it any more and it has not ended. OpenSSH's server keeps such a channel, and counts it as a
   * session, until the command itself ends.
   */
  get isAbandoned(): boolean {
    return this.abandoned;
  }

  /** The connection is gone: what has not ended is lost. */
  lose(): void {
    this.end(true);
  }

  resize(size: { columns: number; rows: number }): void {
    this.channel.setWindow(size.rows, size.columns, 0, 0);
  }

  /** Closes the channel and reads what is left, without which ssh2 never sees its end. */
  dispose(): void {
    this.abandoned = true;
    this.channel.destroy();
    for (const stream of [this.stdout, this.stderr]) {
      stream.removeAllListeners('readable');
      stream.resume();
    }
  }

  private end(lost: boolean): void {
    const known = this.code !== undefined || this.signalName !== undefined;
    this.settle({ code: this.code, signal: this.signalName, lost: lost && !known });
  }
}
