import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type * as vscode from 'vscode';

/** A list is as good as new for so long: typing asks for it at every key. */
const freshMs = 5000;
const mostFiles = 2000;
const deepest = 4;
/** Nobody names what lies in these by hand. */
const leftOut = /^(?:\..*|node_modules|__pycache__|site-packages|venv)$/;

/** Files that a config file may name, for completion. */
export class WorkspaceFiles {
  private readonly lists = new Map<string, { at: number; files: Promise<string[]> }>();

  /**
   * Paths below the folder of a document, `/` between folders, those near it first; a folder ends with `/`.
   * @param now milliseconds since the epoch
   */
  beside({ uri }: vscode.TextDocument, now: number): Promise<string[]> {
    const folder = dirname(uri.fsPath);
    const known = this.lists.get(folder);
    if (known !== undefined && now - known.at < freshMs) return known.files;
    const files = list(folder);
    this.lists.set(folder, { at: now, files });
    return files;
  }
}

/** Level by level, so that of a large workspace the near files are in the list. A folder that cannot be read has none. */
async function list(root: string): Promise<string[]> {
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
