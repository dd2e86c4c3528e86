import type { Readable } from 'node:stream';

/** Keeps what a stream brings, up to a limit, and goes on reading beyond it. */
export class Collector {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(stream: Readable, limitBytes: number, onOverflow: () => void) {
    stream.on('data', (chunk: Buffer) => {
      this.length += chunk.length;
      if (this.length > limitBytes) onOverflow();
      else this.chunks.push(chunk);
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}
