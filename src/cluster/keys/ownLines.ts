import type { KeyNames } from './keyNames';

/** A file below `~/.ssh` that holds lines of ours beside the user's. */
export type OwnedFile = 'authorized_keys' | 'known_hosts' | 'config';

/** Undo must know what was there before: said behind the first line of ours. */
const addedNewline = ' +newline';
const addedFile = ' +file';

/** A file taken apart. */
export interface Divided {
  /** What the file would hold without us, byte for byte. */
  theirs: string;
  /** There was no file before us: without us there is none, unless somebody has put something in it since. */
  made: boolean;
  /** Our lines in order, without newlines and marks. */
  ours: string[];
}

/**
 * Takes our lines out of a file.
 * @param text the file's bytes as latin1; undefined where there is no file.
 */
export function divide(file: OwnedFile, text: string | undefined, names: KeyNames): Divided {
  if (text === undefined) return { theirs: '', made: true, ours: [] };
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const owns = file === 'config' ? ownsBlock(lines, names) : ownsComment(names);
  const ours: string[] = [];
  let theirs = '';
  let cutNewlineAt: number | undefined;
  let made = false;
  for (const raw of lines) {
    const line = raw.replace(/\r?\n$/, '');
    if (!owns(line)) {
      theirs += raw;
      continue;
    }
    if (line.endsWith(addedNewline)) cutNewlineAt = theirs.length;
    if (line.endsWith(addedFile)) made = true;
    ours.push(unmarked(line));
  }
  // Only what nobody has built upon since is taken back.
  if (cutNewlineAt === theirs.length) theirs = theirs.replace(/\n$/, '');
  return { theirs, made, ours };
}

/**
 * Puts our lines behind what is theirs. The inverse of {@link divide}.
 * @returns the file's bytes as latin1; undefined: there is to be no file.
 */
export function join({ theirs, made, ours }: Divided): string | undefined {
  const [first, ...rest] = ours;
  if (first === undefined) return made && theirs === '' ? undefined : theirs;
  const open = theirs !== '' && !theirs.endsWith('\n');
  const mark = made ? addedFile : open ? addedNewline : '';
  return `${theirs}${open ? '\n' : ''}${[first + mark, ...rest].join('\n')}\n`;
}

function unmarked(line: string): string {
  for (const mark of [addedNewline, addedFile]) if (line.endsWith(mark)) return line.slice(0, -mark.length);
  return line;
}

/** Lines of authorized_keys and known_hosts tell by the comment at their end whose they are. */
function ownsComment(names: KeyNames): (line: string) => boolean {
  const prefix = names.comment('');
  return (line) => {
    const comment = unmarked(line).split(/[ \t]/).at(-1) ?? '';
    return (
      !line.startsWith('#') && comment.startsWith(prefix) && /^[\w.-]+$/.test(comment.slice(prefix.length))
    );
  };
}

/** In config our lines stand between two markers. Where one is missing, only lines that look like ours are. */
function ownsBlock(lines: readonly string[], names: KeyNames): (line: string) => boolean {
  let ends = lines.filter((line) => line.trimEnd() === names.endMarker).length;
  let inside = false;
  const shape = /^(?:Host | {2}(?:IdentityFile ~\/\.ssh\/rankwise_|Port |User ))/;
  return (line) => {
    if (unmarked(line) === names.beginMarker) return (inside = true);
    if (line === names.endMarker) {
      inside = false;
      ends--;
      return true;
    }
    if (inside && shape.test(line)) return true;
    // A line that is not ours ends a block that has no end.
    inside &&= ends > 0;
    return false;
  };
}
