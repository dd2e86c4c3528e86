import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { describeError } from '../../base/errors';
import type { Core } from '../../core';
import { outputScheme } from '../ids';

/** Which file, and how much of it. */
export interface OutputPlace {
  run: string;
  host: string;
  path: string;
  /** At most this many of its first bytes. */
  most: number;
}

interface Held {
  bytes: Uint8Array;
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * Files of runs, read-only, as they were when they were opened. They are kept in memory while a tab shows them; a tab that a
 * restart brings back reads its file again.
 */
export class OutputFiles implements vscode.FileSystemProvider, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  readonly onDidChangeFile = this.changed.event;
  private readonly held = new Map<string, Held>();

  constructor(private readonly core: Pick<Core, 'outputs'>) {
    this.store.add(
      vscode.workspace.registerFileSystemProvider(outputScheme, this, {
        isReadonly: true,
        isCaseSensitive: true,
      }),
    );
    this.store.add(vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.forget(closed)));
  }

  /** Reads a file and shows it, anew where it is shown already. @throws RankwiseError as reading; Cancelled */
  async show(place: OutputPlace, signal: AbortSignal): Promise<void> {
    const uri = uriOf(place);
    const bytes = await this.core.outputs.read(place.run, place, place.most, signal);
    this.held.set(uri.toString(), { bytes, at: Date.now() });
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    await vscode.commands.executeCommand('vscode.open', uri);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { bytes, at } = await this.content(uri);
    const permissions = vscode.FilePermission.Readonly;
    return { type: vscode.FileType.File, ctime: 0, mtime: at, size: bytes.length, permissions };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.content(uri)).bytes;
  }

  dispose(): void {
    this.store.dispose();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private async content(uri: vscode.Uri): Promise<Held> {
    const known = this.held.get(uri.toString());
    if (known !== undefined) return known;
    const place = placeOf(uri);
    if (place === undefined || !vscode.workspace.isTrusted) throw vscode.FileSystemError.FileNotFound(uri);
    try {
      const bytes = await this.core.outputs.read(place.run, place, place.most);
      const held = { bytes, at: Date.now() };
      this.held.set(uri.toString(), held);
      return held;
    } catch (error) {
      throw vscode.FileSystemError.Unavailable(describeError(error));
    }
  }

  private forget(closed: readonly vscode.Tab[]): void {
    const open = new Set(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap((tab) => shownUri(tab) ?? [])),
    );
    for (const tab of closed) {
      const uri = shownUri(tab);
      if (uri !== undefined && !open.has(uri)) this.held.delete(uri);
    }
  }
}

function shownUri({ input }: vscode.Tab): string | undefined {
  const shown = input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom;
  return shown ? input.uri.toString() : undefined;
}

/** The path is for people and for VS Code's idea of the language; the query says what is meant. */
function uriOf(place: OutputPlace): vscode.Uri {
  return vscode.Uri.from({
    scheme: outputScheme,
    path: `/${place.host}/${place.path}`,
    query: JSON.stringify(place),
  });
}

function placeOf({ query }: vscode.Uri): OutputPlace | undefined {
  try {
    const { run, host, path, most } = JSON.parse(query) as Partial<Record<keyof OutputPlace, unknown>>;
    if (typeof run !== 'string' || typeof host !== 'string' || typeof path !== 'string') return undefined;
    return Number.isInteger(most) ? { run, host, path, most: Number(most) } : undefined;
  } catch {
    return undefined;
  }
}
