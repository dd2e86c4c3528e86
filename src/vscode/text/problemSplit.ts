import type { BrokenEntry, ConfigModel, FileProblem } from '../../config/model';
import type { Range } from '../../config/problem';

/** An error to show as a row: in the words of the problem, or under the name of the entry it keeps from being used. */
export interface ProblemEntry {
  name: string | undefined;
  problem: FileProblem;
  /** How many more errors the entry has. */
  more: number;
}

/** Rows for what is wrong among the launches: broken launches by name, then errors of the file that no entry holds. */
export function launchProblems(config: ConfigModel): ProblemEntry[] {
  const own = errors(config).filter(({ file }) => file === config.file);
  const entries = config.broken ?? [];
  const loose = own.filter((problem) => !entries.some((entry) => within(problem.range, entry.range)));
  return [...named(entries, 'launch', own, loose[0] ?? errors(config)[0]), ...loose.map(unnamed)];
}

/** Rows for what is wrong among the clusters: broken clusters by name, then errors of hostfiles. */
export function clusterProblems(config: ConfigModel): ProblemEntry[] {
  const own = errors(config).filter(({ file }) => file === config.file);
  const hostfiles = errors(config).filter(({ file }) => file !== config.file);
  return [...named(config.broken ?? [], 'cluster', own, hostfiles[0]), ...hostfiles.map(unnamed)];
}

/** An entry is left out for an error inside it or, where it has none, for one elsewhere (its hostfile, its cluster). */
function named(
  entries: readonly BrokenEntry[],
  kind: BrokenEntry['kind'],
  problems: readonly FileProblem[],
  elsewhere: FileProblem | undefined,
): ProblemEntry[] {
  return entries
    .filter((entry) => entry.kind === kind)
    .flatMap((entry) => {
      const inside = problems.filter(({ range }) => within(range, entry.range));
      const problem = inside[0] ?? elsewhere;
      return problem === undefined
        ? []
        : [{ name: entry.name, problem, more: Math.max(0, inside.length - 1) }];
    });
}

function unnamed(problem: FileProblem): ProblemEntry {
  return { name: undefined, problem, more: 0 };
}

function errors(config: ConfigModel): FileProblem[] {
  return config.problems.filter(({ severity }) => severity === 'error');
}

/** Whether a range lies on the lines of another. */
export function within(inner: Range, outer: Range): boolean {
  return inner.start.line >= outer.start.line && inner.end.line <= outer.end.line;
}
