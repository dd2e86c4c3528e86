import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { RemoteStream } from './connection';

/** A command that runs on this machine, with the manners of a channel: giving it up does not end it. */
export class LocalProcess implements RemoteStream {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly ended: RemoteStream['ended'];
  private settle: (end: Awaited<RemoteStream['ended']>) => void = () => undefined;

  constructor(private readonly child: ChildProcessByStdio<Writable, Readable, Readable>) {
    const { stdin, stdout, stderr } = child;
    this.stdin = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
    this.ended = new Promise((resolve) => (this.settle = resolve));
    child.on('close', (code, signal) =>
      this.settle({ code: code ?? undefined, signal: signal ?? undefined, lost: false }),
    );
    // Writing to a command that has ended is no news: `ended` says so.
    for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined);
    // A full standard error would stop the command; the caller's listeners, attached by now, come first.
    setImmediate(() => {
      if (stderr.readableFlowing === null && stderr.listenerCount('readable') === 0) stderr.resume();
    });
  }

  /** Rankwise is closing: what has not ended goes on without us. */
  lose(): void {
    this.settle({ code: undefined, signal: undefined, lost: true });
    this.dispose();
  }

  dispose(): void {
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr]) stream.destroy();
    this.child.unref();
    this.settle({ code: undefined, signal: undefined, lost: false });
  }
}
