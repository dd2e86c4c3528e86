import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../base/logger';
import { writingState } from '../base/stateDir';

const fileState = z.object({
  /** As follow.sh names it: inode number, and how often the file was cut short in place. Absent: the file is asked for anew. */
  inode: z
    .string()
    .regex(/^\d+(-\d+)?$/)
    .optional(),
  generation: z.number().int().nonnegative(),
});
type FileState = z.infer<typeof fileState>;

/** What follow.sh sends; see there. An earlier life has a number behind the name. */
const MIRRORED = /^(?:stopped|job|\w[\w.-]*\.(?:exit|log|start|incomplete|clock))$/;
const stateSchema = z.record(z.string().regex(/^\w[\w.-]*$/), fileState);

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

  /**
   * A list of its files that is missing or damaged is put aside, named in the log, and made again from what is there.
   * @throws RankwiseError `state.notWritable`.
   */
  constructor(
    readonly directory: string,
    logger: Logger,
  ) {
    this.stateFile = join(directory, 'files.json');
    const files = writingState(directory, () => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      return readState(this.stateFile) ?? this.recover(logger);
    });
    this.files = new Map(Object.entries(files));
  }

  /** What is here may be shown; where the host is followed still, all of it comes once more and takes its place. */
  private recover(logger: Logger): Record<string, FileState> {
    const names = readdirSync(this.directory).filter((name) => MIRRORED.test(name));
    const isDamaged = existsSync(this.stateFile);
    if (isDamaged) renameSync(this.stateFile, `${this.stateFile}.damaged`);
    if (!isDamaged && names.length === 0) return {};
    logger.warn(`${this.stateFile} is ${isDamaged ? 'damaged' : 'missing'}; its files are read again`);
    const files = Object.fromEntries(names.map((name) => [name, { generation: this.nextGeneration(name) }]));
    this.writeState(files);
    return files;
  }

  private nextGeneration(name: string): number {
    let generation = 0;
    while (existsSync(this.path(`${name}.${generation}`))) generation++;
    return generation;
  }

  /** What is here already, as follow.sh wants to be told. */
  positions(): { name: string; inode: string; offset: number }[] {
    return [...this.files].flatMap(([name, { inode }]) =>
      inode === undefined ? [] : [{ name, inode, offset: this.size(name) }],
    );
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

  /** Whole text of a small record file, or undefined where there is none (yet, or any more: it is sent again). */
  text(name: string): string | undefined {
    const known = this.texts.get(name);
    if (known !== undefined || !this.files.has(name) || !existsSync(this.path(name))) return known;
    const text = readFileSync(this.path(name), 'utf8');
    this.texts.set(name, text);
    return text;
  }

  /**
   * Takes in bytes that a host sent.
   * @returns the part that this mirror had not seen yet, whoever wrote it to the disk; undefined when it had seen all.
   * @throws Error when bytes in between are missing; RankwiseError `state.notWritable` when the disk refuses: nothing is
   * skipped silently, and the same bytes may be given again.
   */
  accept(name: string, inode: string, offset: number, bytes: Buffer): FreshBytes | undefined {
    return writingState(this.directory, () => this.write(name, inode, offset, bytes));
  }

  private write(name: string, inode: string, offset: number, bytes: Buffer): FreshBytes | undefined {
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
    const onDisk = readState(this.stateFile)?.[name];
    if (onDisk?.inode === inode) {
      this.files.set(name, onDisk);
      this.sizes.set(name, 0);
      return;
    }
    const earlier = this.files.get(name);
    const isUnknown = earlier !== undefined && earlier.inode === undefined;
    if (isUnknown) {
      rmSync(this.path(name), { force: true });
    } else if (earlier !== undefined && existsSync(this.path(name))) {
      renameSync(this.path(name), this.path(`${name}.${earlier.generation}`));
    }
    const generation = earlier === undefined ? 0 : earlier.generation + (isUnknown ? 0 : 1);
    // Written first: a life that is known here and not there would later be put aside over the one before it.
    this.writeState({ ...Object.fromEntries(this.files), [name]: { inode, generation } });
    this.files.set(name, { inode, generation });
    this.sizes.set(name, 0);
  }

  private writeState(files: Record<string, FileState>): void {
    const temporary = `${this.stateFile}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(files), { mode: 0o600 });
    renameSync(temporary, this.stateFile);
  }
}

/** Undefined where there is none, or it is damaged. */
function readState(file: string): Record<string, FileState> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
