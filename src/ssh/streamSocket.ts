import { Duplex } from 'node:stream';
import type { Readable, Writable } from 'node:stream';

/**
 * Two streams as one that ssh2 takes for a socket. Destroying it always ends in `close`, also when the far side of
 * the streams is silent, which a channel of ssh2 alone does not promise.
 */
export class StreamSocket extends Duplex {
  constructor(
    private readonly source: Readable,
    private readonly sink: Writable,
    private readonly release: () => void,
  ) {
    // An SSH connection that one side has ended is over; a forwarding server waits for us to say so.
    super({ allowHalfOpen: false });
    source.on('data', (chunk: Buffer) => {
      if (!this.destroyed && !this.push(chunk)) source.pause();
    });
    source.on('end', () => this.push(null));
    source.on('close', () => this.destroy());
    source.on('error', (error: Error) => this.destroy(error));
    // Nobody reads any more (EPIPE): the end of a connection, of which the source tells the reason.
    if ((sink as unknown) !== source) sink.on('error', () => this.destroy());
    source.pause();
  }

  override _read(): void {
    this.source.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.sink.write(chunk)) done();
    else this.sink.once('drain', () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.sink.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.release();
    // A channel of ssh2 closes only after it was read to its end.
    this.source.resume();
    done(error);
  }
}
