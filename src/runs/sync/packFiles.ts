import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { pack, type Pack } from 'tar-stream';
import type { LocalFile } from './localFiles';

/** A tar stream of files under their remote paths. It fails where a file cannot be read, or changes while it is. */
export function packFiles(files: readonly LocalFile[]): Pack {
  const archive = pack();
  const add = async (): Promise<void> => {
    for (const { local, remote } of files) {
      const { size, mode, mtime } = await stat(local);
      if (size < 1 << 20) {
        archive.entry({ name: remote, mode, mtime }, await readFile(local));
        continue;
      }
      const entry = archive.entry({ name: remote, mode, mtime, size });
      for await (const chunk of createReadStream(local)) {
        if (!entry.write(chunk)) await new Promise<void>((resolve) => entry.once('drain', () => resolve()));
      }
      entry.end(undefined);
      await new Promise<void>((resolve) => entry.once('finish', () => resolve()));
    }
    archive.finalize();
  };
  add().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  return archive;
}
