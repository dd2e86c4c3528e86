import type { LaunchDraft } from '../launchDraft';
import type { ShellWord } from '../shellText';

/** A word that Rankwise adds; `source` is shell text where `text` is undefined. */
export function added(source: string, text?: string): ShellWord {
  return { source, text, plain: text !== undefined };
}

/** How a launcher of Python starts what follows its options. */
export interface ProgramKind {
  /** The interpreter, where the command names one. */
  python: ShellWord | undefined;
  /** `-m`. */
  isModule: boolean;
  /** `--no_python`: a program of any kind. */
  isBare: boolean;
  /** The launcher passes `--local_rank=N` as the first argument. */
  passesLocalRank: boolean;
}

/** The whole command of a rank, with the interpreter that such launchers put in front by themselves. */
export function setPythonProgram(
  draft: LaunchDraft,
  rest: readonly ShellWord[],
  { python, isModule, isBare, passesLocalRank }: ProgramKind,
): void {
  const [program, ...args] = rest;
  if (program === undefined) return;
  const interpreter = python ?? added('python', 'python');
  const localRank = passesLocalRank ? [added('--local_rank="$LOCAL_RANK"')] : [];
  const start = isBare ? [] : [interpreter, ...(isModule ? [added('-m', '-m')] : [])];
  draft.command = [...start, program, ...localRank, ...args];
}
