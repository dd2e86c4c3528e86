import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { oneLine } from '../../base/plainText';

const TAIL_BYTES = 64 << 10;
const LINE_LENGTH = 400;

/** The lines in the last 64 KiB of a file, as plain text of at most 400 characters, oldest first; empty ones left out. */
export async function tailLines(file: string): Promise<string[]> {
  if (!existsSync(file)) return [];
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const lines = buffer.toString('utf8', 0, bytesRead).split(/[\r\n]+/);
    // Cut in the middle, the first one may be half a line.
    return lines
      .slice(start > 0 ? 1 : 0)
      .map((line) => oneLine(line, LINE_LENGTH))
      .filter((line) => line !== '');
  } finally {
    await handle.close();
  }
}
