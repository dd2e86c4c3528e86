import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

interface FileState {
  /** As follow.sh names it: inode number, and how often the file was cut short in place. */
  inode: string;
  generation: number;
}

/** Bytes that were not in the cache before. */
export interface FreshBytes {
  generation: number;
  offset: number;
  bytes: Buffer;
}

/**
 * Local copy, byte for byte, of one host's part of a run directory. Bytes are written at their offset, never appended,
 * so two followers of one run (two windows) write the same thing twice without harm. An earlier life of a file is
 * kept beside the present one as `NAME.GENERATION`.
 */
export class HostMirror {
  private readonly files: Map<string, FileState>;
  private readonly sizes = new Map<string, number>();
  private readonly texts = new Map<string, string>();
  private readonly stateFile: string;

  constructor(readonly directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.stateFile = join(directory, 'files.json');
    this.files = new Map(Object.entries(readState(this.stateFile)));
  }

  /** What is here already, as follow.sh wants to be told. */
  positions(): { name: string; inode: string; offset: number }[] {
    return [...this.files].map(([name, { inode }]) => ({ name, inode, offset: this.size(name) }));
  }

  get names(): string[] {
    return [...this.files.keys()];
  }

  size(name: string): number {
    const known = this.sizes.get(name);
    if (known !== undefined) return known;
    const path = this.path(name);
    const size = existsSync(path) ? statSync(path).size : 0;
    this.sizes.set(name, size);
    return size;
  }

  generation(name: string): number {
    return this.files.get(name)?.generation ?? 0;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Whole text of a small record file, or undefined where there is none yet. */
  text(name: string): string | undefined {
    const known = this.texts.get(name);
    if (known !== undefined || !this.files.has(name)) return known;
    const text = readFileSync(this.path(name), 'utf8');
    this.texts.set(name, text);
    return text;
  }

  /**
   * Takes in bytes that a host sent.
   * @returns the part that this mirror had not seen yet, whoever wrote it to the disk; undefined when it had seen all.
   * @throws Error when bytes in between are missing, or the disk refuses: nothing is skipped silently.
   */
  accept(name: string, inode: string, offset: number, bytes: Buffer): FreshBytes | undefined {
    if (this.files.get(name)?.inode !== inode) this.beginLife(name, inode);
    const size = this.size(name);
    if (offset > size) throw new Error(`bytes ${size} to ${offset} of ${name} are missing`);
    const end = offset + bytes.length;
    if (end <= size) return undefined;
    const fd = openSync(this.path(name), existsSync(this.path(name)) ? 'r+' : 'w+', 0o600);
    try {
      for (let done = 0; done < bytes.length;)
        done += writeSync(fd, bytes, done, bytes.length - done, offset + done);
      // Another window may have written further meanwhile; what it wrote comes to us from the host as well.
      if (fstatSync(fd).size < end) throw new Error(`${this.path(name)} could not be written`);
    } finally {
      closeSync(fd);
    }
    this.sizes.set(name, end);
    this.texts.delete(name);
    return { generation: this.generation(name), offset: size, bytes: bytes.subarray(size - offset) };
  }

  private beginLife(name: string, inode: string): void {
    // Another window may have seen the new life first and put the earlier one aside.
    const onDisk = readState(this.stateFile)[name];
    if (onDisk?.inode === inode) {
      this.files.set(name, onDisk);
      this.sizes.set(name, 0);
      return;
    }
    const earlier = this.files.get(name);
    if (earlier !== undefined && existsSync(this.path(name))) {
      renameSync(this.path(name), this.path(`${name}.${earlier.generation}`));
    }
    this.files.set(name, { inode, generation: earlier === undefined ? 0 : earlier.generation + 1 });
    this.sizes.set(name, 0);
    const temporary = `${this.stateFile}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(this.files)), { mode: 0o600 });
    renameSync(temporary, this.stateFile);
  }
}

function readState(file: string): Record<string, FileState> {
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, FileState>;
}
