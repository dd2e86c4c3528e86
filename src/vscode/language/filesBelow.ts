import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const mostFiles = 2000;
const deepest = 4;
/** Nobody names what lies in these by hand. */
const leftOut = /^(?:\..*|node_modules|__pycache__|site-packages|venv)$/;

/**
 * Files that a config file may name, for completion: paths below a folder, `/` between folders, those near it first; a
 * folder ends with `/`. Level by level, so that of a large workspace the near files are in the list. A folder that cannot be
 * read has none.
 * @param root absolute
 */
export async function filesBelow(root: string): Promise<string[]> {
  const found: string[] = [];
  let folders = [''];
  for (let depth = 0; depth < deepest && folders.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        if (leftOut.test(entry.name)) continue;
        const path = `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`;
        if (entry.isDirectory()) below.push(path);
        found.push(path);
        if (found.length === mostFiles) return found;
      }
    }
    folders = below;
  }
  return found;
}
