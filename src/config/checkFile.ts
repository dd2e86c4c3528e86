import type { FileKind } from './fileKind';
import { usesOf, type FileUses } from './fileUses';
import { checkHostfile } from './hostfile/checkHostfile';
import { isTooLarge, tooLargeReason } from './largestText';
import type { ConfigModel, FileProblem } from './model';
import { parseRankwise } from './parseRankwise';
import type { Problem } from './problem';
import { checkSbatch } from './sbatch/checkSbatch';
import { checkTraining } from './training/checkTraining';

export { fileKinds, kindOf, type FileKind } from './fileKind';
export { usesOf, type FileUses } from './fileUses';

/** What a caller knows beside the model: it is added to what the launches say, and wins. */
export type CheckOptions = FileUses;

/**
 * Checks one file by its text. Pure and total; nothing else is read.
 * @param path absolute
 * @param model the `rankwise.yaml` whose launches may use the file. A `rankwise.yaml` itself is checked alone here: what
 * it says wrongly of other files is in the problems of its own model (`readConfig`).
 */
export function checkFile(
  kind: FileKind,
  path: string,
  text: string,
  model?: ConfigModel,
  options: CheckOptions = {},
): FileProblem[] {
  if (isTooLarge(text)) return [{ ...tooLarge(kind, text), file: path }];
  const uses = model === undefined ? {} : usesOf(path, model);
  return problemsOf(kind, text, uses, options).map((problem) => ({ ...problem, file: path }));
}

const tooLargeKinds: Readonly<Record<FileKind, Pick<Problem, 'code' | 'severity'>>> = {
  hostfile: { code: 'hostfile.tooLarge', severity: 'error' },
  sbatch: { code: 'sbatch.tooLarge', severity: 'warning' },
  rankwise: { code: 'rankwise.tooLarge', severity: 'error' },
  training: { code: 'training.tooLarge', severity: 'warning' },
};

function tooLarge(kind: FileKind, text: string): Problem {
  const message = `This file is too large to be checked: ${tooLargeReason(text.length, 'characters')}.`;
  const start = { line: 0, character: 0 };
  return { ...tooLargeKinds[kind], message, range: { start, end: start } };
}

function problemsOf(kind: FileKind, text: string, uses: FileUses, options: CheckOptions): Problem[] {
  switch (kind) {
    case 'hostfile':
      return checkHostfile(text, { ...uses.hostfile, ...options.hostfile });
    case 'sbatch':
      return checkSbatch(text, { ...uses.sbatch, ...options.sbatch });
    case 'rankwise':
      return parseRankwise(text).problems;
    case 'training':
      return checkTraining(text, { ...uses.training, ...options.training });
  }
}
