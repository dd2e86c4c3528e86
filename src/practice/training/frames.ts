import type { Socket } from 'node:net';

/** `error` carries the reason as text, after which the sender closes. */
export type FrameKind = 'join' | 'data' | 'error';
const kinds: readonly FrameKind[] = ['join', 'data', 'error'];

/** Kind (1 byte), length of the payload (4 bytes, big endian), payload. */
const headerBytes = 5;
/** Far above any model here; a stranger's bytes read as a length are refused by it. */
const longestPayload = 16 * 1024 * 1024;

export interface Frame {
  kind: FrameKind;
  payload: Buffer;
}

/** Whole messages over one socket, in both directions. */
export class FrameSocket {
  private readonly arrived: Frame[] = [];
  private chunks: Buffer[] = [];
  private bytes = 0;
  private wake: () => void = () => undefined;
  private ended: Error | undefined;

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('error', (error) => this.finish(error));
    socket.on('close', () => this.finish(new Error('connection closed')));
  }

  send(kind: FrameKind, payload: Uint8Array): void {
    const header = Buffer.alloc(headerBytes);
    header.writeUInt8(kinds.indexOf(kind));
    header.writeUInt32BE(payload.byteLength, 1);
    this.socket.cork();
    this.socket.write(header);
    // A copy: the socket may send later, when the caller has changed its array.
    this.socket.write(Buffer.from(payload));
    this.socket.uncork();
  }

  /** The next frame. @throws Error saying why none will come. */
  async receive(): Promise<Frame> {
    for (;;) {
      const frame = this.arrived.shift();
      if (frame !== undefined) return frame;
      if (this.ended !== undefined) throw this.ended;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Closes after everything that was sent has gone out. */
  close(): void {
    this.socket.end();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    while (this.bytes >= headerBytes) {
      const all = Buffer.concat(this.chunks);
      this.chunks = [all];
      const kind = kinds[all.readUInt8()];
      const length = all.readUInt32BE(1);
      if (kind === undefined || length > longestPayload) {
        this.socket.destroy(new Error('what came is not from this program'));
        return;
      }
      if (all.length < headerBytes + length) return;
      this.arrived.push({ kind, payload: all.subarray(headerBytes, headerBytes + length) });
      this.chunks = [all.subarray(headerBytes + length)];
      this.bytes -= headerBytes + length;
      this.wake();
    }
  }

  private finish(why: Error): void {
    this.ended ??= why;
    this.wake();
  }
}
