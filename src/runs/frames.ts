/** One message of follow.sh; see the script for their meaning. */
export type Frame =
  | { kind: 'data'; name: string; inode: string; offset: number; bytes: Buffer }
  | { kind: 'synced' }
  | { kind: 'gone'; id: string }
  | { kind: 'heartbeat'; epoch: number };

const HEADER_LIMIT = 1024;
/** First line of follow.sh. What stands before it is the noise of a login shell's start files. */
const GREETING = 'rankwise follow';

/**
 * Takes the output of follow.sh apart, whatever pieces it comes in. A piece of file is handed on as soon as some of it
 * is there, so memory stays bounded by what one read brings.
 */
export class FrameParser {
  private header = Buffer.alloc(0);
  private greeted = false;
  private body: { name: string; inode: string; offset: number; remaining: number } | undefined;

  /** @throws Error when the bytes are not follow.sh's: the stream cannot be trusted any further. */
  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    while (rest.length > 0)
      rest = this.body === undefined ? this.takeHeader(rest, frames) : this.takeBody(this.body, rest, frames);
    return frames;
  }

  private takeBody(body: NonNullable<FrameParser['body']>, chunk: Buffer, frames: Frame[]): Buffer {
    const bytes = chunk.subarray(0, body.remaining);
    frames.push({ kind: 'data', name: body.name, inode: body.inode, offset: body.offset, bytes });
    const remaining = body.remaining - bytes.length;
    this.body = remaining === 0 ? undefined : { ...body, offset: body.offset + bytes.length, remaining };
    return chunk.subarray(bytes.length);
  }

  private takeHeader(chunk: Buffer, frames: Frame[]): Buffer {
    const end = chunk.indexOf(0x0a);
    const part = end === -1 ? chunk : chunk.subarray(0, end);
    this.header = Buffer.concat([this.header, part]);
    if (this.header.length > HEADER_LIMIT) {
      if (this.greeted) throw new Error('follow.sh sent an endless header');
      this.header = this.header.subarray(-HEADER_LIMIT);
    }
    if (end === -1) return Buffer.alloc(0);
    const line = this.header.toString('latin1');
    this.header = Buffer.alloc(0);
    if (!this.greeted) {
      this.greeted = line.endsWith(GREETING);
      return chunk.subarray(end + 1);
    }
    const frame = this.parseHeader(line);
    if (frame !== undefined) frames.push(frame);
    return chunk.subarray(end + 1);
  }

  private parseHeader(line: string): Frame | undefined {
    const [kind, ...words] = line.split(' ');
    const [first = '', inode = '', offset = '', length = ''] = words;
    if (kind === 'S' && words.length === 0) return { kind: 'synced' };
    if (kind === 'H' && /^\d+$/.test(first)) return { kind: 'heartbeat', epoch: Number(first) };
    if (kind === 'G' && /^[a-z0-9-]+$/.test(first)) return { kind: 'gone', id: first };
    if (
      kind === 'D' &&
      /^[\w][\w.-]*$/.test(first) &&
      /^\d+(-\d+)?$/.test(inode) &&
      /^\d+$/.test(offset) &&
      /^[1-9]\d*$/.test(length)
    ) {
      this.body = { name: first, inode, offset: Number(offset), remaining: Number(length) };
      return undefined;
    }
    throw new Error(`follow.sh sent an unknown line: ${JSON.stringify(line.slice(0, 80))}`);
  }
}
