import { open } from 'node:fs/promises';

const chunkBytes = 256 * 1024;

/** Reads what was added to a growing file since the last look; every byte once. A file that is not there yet is empty. */
export class TailReader {
  private offset = 0;

  constructor(readonly path: string) {}

  /**
   * Skips to the last `bytes` of the file, at the beginning of a line.
   * @returns how many bytes were skipped
   */
  async skipToLast(bytes: number): Promise<number> {
    const size = await this.size();
    if (size <= bytes) return 0;
    const from = size - bytes;
    const head = await this.readAt(from, Math.min(bytes, chunkBytes));
    const newline = head.indexOf(0x0a);
    this.offset = newline < 0 ? from : from + newline + 1;
    return this.offset;
  }

  /** Hands out what is new, in pieces; `restarted` says that the file became shorter and is read from its beginning. */
  async *read(): AsyncGenerator<{ bytes: Buffer; restarted: boolean }> {
    const size = await this.size();
    let restarted = size < this.offset;
    if (restarted) this.offset = 0;
    while (this.offset < size) {
      const bytes = await this.readAt(this.offset, Math.min(chunkBytes, size - this.offset));
      if (bytes.length === 0) return;
      this.offset += bytes.length;
      yield { bytes, restarted };
      restarted = false;
    }
  }

  /** Bytes that are there now; 0 for a file that is not. */
  async size(): Promise<number> {
    return this.withFile(async (file) => (await file.stat()).size, 0);
  }

  private async readAt(position: number, length: number): Promise<Buffer> {
    return this.withFile(async (file) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    }, Buffer.alloc(0));
  }

  private async withFile<T>(
    use: (file: Awaited<ReturnType<typeof open>>) => Promise<T>,
    missing: T,
  ): Promise<T> {
    let file;
    try {
      file = await open(this.path, 'r');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return missing;
      throw error;
    }
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }
}
