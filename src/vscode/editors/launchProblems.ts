import type { Position, Problem } from '../../config/problem';
import type { PathProblem } from '../../config/readSchema';
import type { Path } from '../../config/yamlPath';
import type { YamlNode } from '../../config/yamlTree';
import type { FormProblem } from '../../protocol/launches';

/** A finding with the value that it is about. */
export interface PlacedProblem {
  path: Path;
  problem: Problem;
}

/**
 * Findings with their places, errors first.
 * @param others findings that know no path: they belong to the value at their place
 */
export function placedProblems(
  root: YamlNode,
  own: readonly PathProblem[],
  others: readonly Problem[],
): PlacedProblem[] {
  const placed = own.map((problem): PlacedProblem => ({ path: problem.path, problem }));
  const known = new Set(placed.map(({ problem }) => keyOf(problem)));
  for (const problem of others) {
    if (!known.has(keyOf(problem))) placed.push({ path: pathAt(root, problem.range.start), problem });
  }
  const rank = { error: 0, warning: 1, information: 2, hint: 3 };
  return placed.sort((a, b) => rank[a.problem.severity] - rank[b.problem.severity]);
}

/** The findings about a value or something in it. */
export function problemsAt(placed: readonly PlacedProblem[], path: Path): PlacedProblem[] {
  return placed.filter((one) => path.every((step, index) => String(one.path[index]) === String(step)));
}

/** As the page shows it. */
export function formProblem({ code, severity, message, range }: Problem): FormProblem {
  return { code, severity, message, at: range.start };
}

function keyOf({ code, message, range: { start } }: Problem): string {
  return `${code} ${start.line}:${start.character} ${message}`;
}

/** The path of the innermost value that a place is in, or of its key. */
function pathAt(root: YamlNode, place: Position, path: Path = []): Path {
  if (root.kind !== 'map') return path;
  for (const [key, { keyRange, value }] of root.entries) {
    const end = isAfter(keyRange.end, value.range.end) ? keyRange.end : value.range.end;
    if (!isAfter(keyRange.start, place) && !isAfter(place, end)) return pathAt(value, place, [...path, key]);
  }
  return path;
}

function isAfter(a: Position, b: Position): boolean {
  return a.line > b.line || (a.line === b.line && a.character > b.character);
}
