import { posix } from 'node:path';
import { isPlainSecret } from '../config/checks/secretChecks';
import { remotePathPattern } from '../config/names';
import type { LaunchDraft } from './launchDraft';
import type { ShellCommand } from './shellCommands';
import type { ShellWord } from './shellText';
import type { SshHost } from './sshCommand';

/** Programs that prepare a shell: their lines go before the command, into `setup:` of the cluster. */
const SETUP = new Set([
  'source',
  '.',
  'conda',
  'mamba',
  'micromamba',
  'module',
  'ml',
  'spack',
  'ulimit',
  'unset',
  'umask',
]);
/** Of these only what changes the shell itself. */
const CONDA = /^(?:conda|mamba|micromamba)\s+activate\b/;

/** Linux takes no longer ones. */
const longestPath = 4096;

/** What the commands before a launch have prepared. */
export class ImportContext {
  workdir: string | undefined;
  /** Lines for the shell of every command, in order. */
  setup: string[] = [];
  /** What a later line took the place of since the last command, and why. */
  replaced: [what: string, reason: string][] = [];
  private assigned = new Map<string, ShellWord>();
  /** A line of `setup` depends on the directory it runs in, so that no other may be chosen before it. */
  private isBound = false;

  constructor(readonly head: SshHost | undefined) {}

  /** What holds for the next command; later changes leave it alone. What was replaced is told by that command alone. */
  now(): ImportContext {
    const copy = new ImportContext(this.head);
    copy.workdir = this.workdir;
    copy.setup = [...this.setup];
    copy.replaced = this.replaced;
    this.replaced = [];
    copy.isBound = this.isBound;
    copy.assigned = new Map(this.assigned);
    return copy;
  }

  /** @returns true where the command prepares what follows, and is kept as that */
  takes({ words, redirections, source, after }: ShellCommand): boolean {
    const [first, second] = words;
    if (first === undefined || redirections.length > 0 || after === '|' || after === '&') return false;
    if (first.text === 'cd') return this.changeDirectory(second, words.length, source);
    if (first.text === 'export' || isAssignment(first)) {
      return this.assign(first.text === 'export' ? words.slice(1) : words);
    }
    if (!SETUP.has(first.text ?? '')) return false;
    if (/^(?:conda|mamba)/.test(first.source) && !CONDA.test(source)) return false;
    this.setup.push(oneLine(source));
    if (/^(?:source|\.)$/.test(first.source) && !/^[/~$"]/.test(second?.source ?? '')) this.isBound = true;
    return true;
  }

  /** Gives a launch the variables that were set before it, and its directory. */
  prepare(draft: LaunchDraft): void {
    for (const [what, reason] of this.replaced) draft.drop(what, reason);
    for (const [name, value] of this.assigned) draft.assign(name, value);
    if (draft.workdir !== undefined && this.workdir !== undefined) {
      draft.drop(`cd ${this.workdir}`, 'the launcher names another directory');
    }
    draft.workdir ??= this.workdir;
  }

  private assign(words: readonly ShellWord[]): boolean {
    if (words.length === 0 || !words.every((word) => isAssignment(word) || this.assigned.has(word.source)))
      return false;
    for (const word of words.filter(isAssignment)) {
      const { name, value } = assignment(word);
      const before = this.assigned.get(name);
      if (before !== undefined) this.replaced.push([shown(name, before), 'it is set again']);
      if (value.text !== undefined && value.plain) this.assigned.set(name, value);
      else this.setup.push(`export ${name}=${value.source}`);
    }
    return true;
  }

  private changeDirectory(target: ShellWord | undefined, count: number, source: string): boolean {
    const path = target?.text;
    if (count !== 2 || target === undefined || target.source === '-') return false;
    if (path === undefined || this.isBound || !remotePathPattern.test(path)) {
      this.setup.push(oneLine(source));
      this.isBound = true;
      return true;
    }
    const isOwn = path.startsWith('/') || path.startsWith('~');
    const joined = isOwn || this.workdir === undefined ? path : `${this.workdir}/${path}`;
    const own = posix.normalize(path);
    // What goes down from a directory needs no second look at the way to it.
    const isBelow = own === path && !own.startsWith('.');
    const normal = (isBelow && !isOwn ? joined : posix.normalize(joined)).replace(/(?<=.)\/$/, '');
    if (normal.startsWith('..') || normal.length > longestPath) return false;
    if (isOwn && this.workdir !== undefined)
      this.replaced.push([`cd ${this.workdir}`, 'another directory follows']);
    if (normal !== '.') this.workdir = normal;
    return true;
  }
}

/** Whether a word is `NAME=value`. */
export function isAssignment({ source }: ShellWord): boolean {
  return /^[A-Za-z_]\w*=/.test(source);
}

/** `NAME=value`, without the value of a secret. */
export function shown(name: string, { source, text }: ShellWord): string {
  return isPlainSecret(name, text ?? source) ? `${name}=…` : `${name}=${source}`;
}

/** The parts of `NAME=value`. */
export function assignment(word: ShellWord): { name: string; value: ShellWord } {
  const { source, text } = word;
  const at = source.indexOf('=');
  return {
    name: source.slice(0, at),
    value: { ...word, source: source.slice(at + 1), text: text?.slice(at + 1) },
  };
}

function oneLine(source: string): string {
  return source.replaceAll(/\\[ \t]*(?:\r?\n|\r)[ \t]*/g, ' ');
}
