import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Which of these relative paths are directories below a folder of this machine. One that cannot be looked at is none. */
export async function existingDirectories(folder: string, paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      stat(join(folder, path)).then(
        (entry) => entry.isDirectory(),
        () => false,
      ),
    ),
  );
  return paths.filter((_path, index) => found[index]);
}
