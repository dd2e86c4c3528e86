import { dirname, join, relative, resolve } from 'node:path';
import { describeError, RankwiseError } from '../base/errors';
import { existingDirectories } from '../base/existingDirectories';
import { isInside, refuseLinkOut } from '../base/insideFolder';
import { checkFile, kindOf, usesOf, type CheckOptions, type FileKind } from '../config/checkFile';
import { isOfOtherProgram } from '../config/fileKind';
import type { ConfigModel, FileProblem } from '../config/model';
import type { Severity } from '../config/problem';
import { readConfig } from '../config/readConfig';
import { directoriesBeside } from '../config/sbatch/directoriesBeside';
import { topKeys } from '../config/training/topKeys';
import { shapeOf } from '../config/training/trainingKeys';
import { configReader, readSmallFile } from '../coreConfig';
import { usageError, type Arguments } from './arguments';
import { hideOutside } from './outsideFiles';
import { print, say } from './output';

/** A finding as `check --json` prints it. Lines and columns count from 1, columns in UTF-16 units; the end is exclusive. */
export interface Finding {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: Severity;
  code: string;
  message: string;
}

/**
 * Checks files without running anything. A `rankwise.yaml` is checked with all files it names.
 * @returns the exit status: 1 where a finding is an error, 2 where a file cannot be read or its kind cannot be told: that is
 *   said, and the other files are checked all the same
 */
export async function check(args: Arguments): Promise<number> {
  const { findings, refused } = await findingsOf(args);
  print(
    args.json
      ? `${JSON.stringify(findings, undefined, 1)}\n`
      : findings.map((finding) => `${lineOf(finding)}\n`).join(''),
  );
  if (refused > 0) return 2;
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** What is found, and how many files could not be checked. */
async function findingsOf(args: Arguments): Promise<{ findings: Finding[]; refused: number }> {
  const shown = new Map(args.subjects.map((file) => [resolve(file), file]));
  const checker = new Checker(args, new Set(shown.keys()));
  const findings = new Map<string, Finding>();
  let refused = 0;
  for (const path of shown.keys()) {
    const problems = await checker.problems(path).catch((error: unknown) => {
      if (!(error instanceof RankwiseError) || error.code !== 'cli.usage') throw error;
      say(describeError(error));
      refused++;
      return [];
    });
    for (const problem of inOrder(problems)) {
      const finding = findingOf(problem, shown.get(problem.file) ?? nearName(problem.file));
      findings.set(JSON.stringify(finding), finding);
    }
  }
  return { findings: [...findings.values()], refused };
}

class Checker {
  private readonly models = new Map<string, Promise<ConfigModel>>();

  /** @param asked all files that a person names, absolute */
  constructor(
    private readonly args: Arguments,
    private readonly asked: ReadonlySet<string>,
  ) {}

  async problems(path: string): Promise<FileProblem[]> {
    const text = await this.read(path);
    const above = this.args.kind === 'rankwise' ? undefined : await this.modelFor(path);
    const kind = this.args.kind ?? namedKind(path, above) ?? kindOf(path, text) ?? this.meantKind(path, text);
    if (kind === undefined) {
      throw usageError(
        `what ${path} is cannot be told by its name or content; say it with --kind hostfile, sbatch, rankwise or training`,
      );
    }
    if (kind === 'rankwise') {
      const model = await this.model(path);
      return hideOutside(model.problems, model, this.asked);
    }
    const problems = checkFile(kind, path, text, above, await this.known(kind, path, text));
    return above === undefined ? problems : hideOutside(problems, above, this.asked);
  }

  /** What is known beside the configuration. */
  private async known(kind: FileKind, path: string, text: string): Promise<CheckOptions> {
    const { launcher } = this.args;
    if (kind === 'hostfile' && launcher !== undefined) return { hostfile: { launchers: [launcher] } };
    if (kind !== 'sbatch') return {};
    return { sbatch: { directories: await directoriesBeside(path, text, existingDirectories) } };
  }

  /** Whoever names a launcher means a hostfile, and whoever names JSON with a key that is known a configuration. */
  private meantKind(path: string, text: string): FileKind | undefined {
    if (this.args.launcher !== undefined) return 'hostfile';
    const hasKeys = /\.jsonc?$/i.test(path) && shapeOf(topKeys(text)) !== undefined;
    return hasKeys && !isOfOtherProgram(text) ? 'training' : undefined;
  }

  private async read(path: string): Promise<string> {
    refuseLinkOfRepository(path);
    return readSmallFile(path).catch((error: unknown) => {
      throw cannotRead(path, error);
    });
  }

  /** The `rankwise.yaml` that may name a file: beside it, or in a folder above up to the one we are in. */
  private async modelFor(path: string): Promise<ConfigModel | undefined> {
    const here = process.cwd();
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const file = join(folder, 'rankwise.yaml');
      if (file !== path) {
        refuseLinkOfRepository(file);
        const model = await this.model(file);
        if (!model.problems.some(({ code }) => code === 'rankwise.unreadable')) return model;
      }
      if (folder === here || !isInside(here, folder)) return undefined;
    }
  }

  private model(file: string): Promise<ConfigModel> {
    const known = this.models.get(file) ?? readConfig(file, configReader(file), undefined);
    this.models.set(file, known);
    return known;
  }
}

/** A link in a repository that others write to would show lines of any file in the log of its checks. */
function refuseLinkOfRepository(path: string): void {
  const here = process.cwd();
  if (!isInside(here, path)) return;
  try {
    refuseLinkOut(here, path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function cannotRead(path: string, error: unknown): RankwiseError {
  return usageError(`${path} cannot be read: ${describeError(error).replace(/\.$/, '')}`);
}

/** What a `rankwise.yaml` names a file as. */
function namedKind(path: string, model: ConfigModel | undefined): FileKind | undefined {
  if (model === undefined) return undefined;
  const uses = usesOf(path, model);
  return (['hostfile', 'training', 'sbatch'] as const).find((kind) => uses[kind] !== undefined);
}

/** A path below the folder we are in is shown from there. */
function nearName(path: string): string {
  const here = process.cwd();
  return isInside(here, path) ? relative(here, path) : path;
}

/** File by file as they come, each from its top. */
function inOrder(problems: readonly FileProblem[]): FileProblem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return files.flatMap((file) =>
    problems
      .filter((problem) => problem.file === file)
      .sort(
        ({ range: { start: a } }, { range: { start: b } }) => a.line - b.line || a.character - b.character,
      ),
  );
}

function findingOf({ range, severity, code, message }: FileProblem, file: string): Finding {
  const { start, end } = range;
  return {
    file,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    severity,
    code,
    message,
  };
}

function lineOf({ file, line, column, severity, code, message }: Finding): string {
  return `${file}:${line}:${column}: ${severity}: ${message} [${code}]`.replaceAll(/[\r\n]+/g, ' ');
}
