import { argumentLists, isResource, resourceNames, resourceProblem } from '../argumentLists';
import { combinationCount, combinations } from '../combinations';
import type { MatrixModel } from '../model';
import { environmentNamePattern, parameterNamePattern } from '../names';
import { referencesIn } from '../references';
import { suggest } from '../suggest';
import { textEntries, textItems, type Path } from '../yamlPath';
import type { Report } from './report';

/** Most runs of one launch: far beyond any study, far below what would exhaust this machine. */
const maxTrials = 10_000;

/** Variables that a parameter must not take the name of: a shell, a linker or a launcher lives by them. */
const vital =
  /^(?:PATH|HOME|USER|SHELL|PWD|IFS|ENV|BASH_ENV|PYTHONPATH|PYTHONHOME|(?:LOCAL_|NODE_)?RANK|WORLD_SIZE|MASTER_(?:ADDR|PORT)|CHECKPOINT|LD_.*|DMLC_.*|SLURM_.*)$/;

/** `params:`, `presets:` and `matrix:` of one launch. */
export function checkParameters(report: Report, path: Path): void {
  const params = report.keys([...path, 'params']);
  const named = params.filter((name) => checkName(report, [...path, 'params', name], name));
  for (const preset of report.keys([...path, 'presets']))
    checkValues(report, [...path, 'presets', preset], params);
  checkMatrix(report, path, params);
  if (named.length === 0) return;
  const uses = usesIn(report, path);
  for (const name of named) checkUsed(report, path, name, uses);
}

/** False where the name cannot be; the schema says it where the form is wrong. */
function checkName(report: Report, path: Path, name: string): boolean {
  const message = nameProblem(name);
  if (message !== undefined) report.add('reservedName', message, path, 'key');
  return message === undefined && parameterNamePattern.test(name);
}

/** Why a parameter cannot have a name that is of the right form; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  if (isResource(name))
    return `\`${name}\` is a resource of the launch itself. Write \`${name}:\` beside \`command:\`; presets and \`matrix:\` can change it.`;
  if (['repeat', 'trial', 'checkpoint', 'include', 'exclude'].includes(name))
    return `\`${name}\` has a meaning of its own. Choose another name.`;
  if (vital.test(name))
    return `A parameter \`${name}\` would replace a variable that programs live by. Choose another name.`;
  return undefined;
}

/** Names and values of a preset, an inclusion or an exclusion. */
function checkValues(report: Report, path: Path, params: readonly string[]): void {
  for (const name of report.keys(path)) {
    const place = [...path, name];
    if (!checkKnown(report, place, name, params)) continue;
    checkResource(report, place, name);
  }
}

function checkKnown(report: Report, path: Path, name: string, params: readonly string[]): boolean {
  if (params.includes(name) || isResource(name)) return true;
  const near = suggest(name, [...params, ...resourceNames]);
  const next =
    near === undefined ? `Add it under \`params:\` with its default.` : `Did you mean \`${near}\`?`;
  const message = `\`${name}\` is neither a parameter nor one of ${resourceNames.join(', ')}. ${next}`;
  report.add('unknownParameter', message, path, 'key');
  return false;
}

function checkResource(report: Report, path: Path, name: string): void {
  const value = report.text(path);
  if (value === undefined || !isResource(name)) return;
  const problem = resourceProblem(name, value);
  if (problem !== undefined)
    report.add('invalidValue', `\`${name}\` must be ${problem}, not ${value}.`, path);
}

function checkMatrix(report: Report, launch: Path, params: readonly string[]): void {
  const path = [...launch, 'matrix'];
  const root = report.node(path);
  if (root?.kind !== 'map') return;
  const before = report.problems.length;
  const axes = Object.create(null) as MatrixModel['axes'];
  for (const name of report.keys(path)) {
    if (name === 'include' || name === 'exclude') continue;
    if (!checkKnown(report, [...path, name], name, params)) continue;
    const values = report.items([...path, name]);
    for (const index of values.keys()) checkResource(report, [...path, name, index], name);
    checkTwice(report, [...path, name], values);
    axes[name] = values;
  }
  const maps = (key: 'include' | 'exclude'): Record<string, string>[] =>
    report.items([...path, key]).map((_, index) => {
      checkValues(report, [...path, key, index], params);
      return textEntries(root, [key, index]);
    });
  const matrix: MatrixModel = { axes, include: maps('include'), exclude: maps('exclude') };
  if (report.problems.length > before) return;
  checkExclusions(report, [...path, 'exclude'], matrix);
  const repeat = Number(report.text([...launch, 'repeat']) ?? 1);
  const count = combinationCount(matrix) * (Number.isFinite(repeat) ? repeat : 1);
  if (count > maxTrials) {
    const message = `This makes ${count} runs; ${maxTrials} is the most. Take values away, or split the launch.`;
    report.add('tooManyTrials', message, path, 'key');
  } else if (combinations(matrix).length === 0) {
    report.add('noTrials', 'No combination is left. Add values, or take exclusions away.', path, 'key');
  }
}

function checkTwice(report: Report, path: Path, values: readonly string[]): void {
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) === index) continue;
    const message = `The value ${value} is there twice. Delete one; for more runs of the same write \`repeat:\`.`;
    report.add('valueTwice', message, [...path, index]);
  }
}

function checkExclusions(report: Report, path: Path, { axes, exclude }: MatrixModel): void {
  for (const [index, values] of exclude.entries()) {
    for (const [name, value] of Object.entries(values)) {
      if (axes[name]?.includes(value) === true) continue;
      const message =
        axes[name] === undefined
          ? `\`${name}\` is no axis of this matrix, so nothing is left out. Name an axis.`
          : `\`${name}\` never is ${value} in this matrix, so nothing is left out. Use one of ${axes[name].join(', ')}.`;
      report.add('excludesNothing', message, [...path, index, name], 'value', 'warning');
    }
  }
}

/** What a launch says of its parameters outside `params:`. */
interface Uses {
  /** Names in `${…}`. */
  referred: ReadonlySet<string>;
  /** Texts that a shell reads. */
  shells: readonly string[];
  /** A script of the user may read any of them. */
  hasOwnScript: boolean;
}

function usesIn(report: Report, path: Path): Uses {
  const launch = report.map(path);
  const lists = argumentLists.flatMap((keys) => {
    const node = report.node([...path, ...keys]);
    return node?.kind === 'list' ? textItems(node, []) : [];
  });
  const texts = [...lists, ...Object.values(launch === undefined ? {} : textEntries(launch, ['env']))];
  const references = texts.filter((text) => text.includes('${')).flatMap(referencesIn);
  return {
    referred: new Set(
      references.filter(({ kind }) => ['params', 'matrix', 'short'].includes(kind)).map(({ name }) => name),
    ),
    shells: [['command'], ['ssh', 'service']].flatMap((keys) => report.scalar([...path, ...keys]) ?? []),
    hasOwnScript: report.scalar([...path, 'slurm', 'script']) !== undefined,
  };
}

/** A parameter that no argument and no variable mentions. A command that is text may still read it by itself. */
function checkUsed(report: Report, path: Path, name: string, { referred, shells, hasOwnScript }: Uses): void {
  if (referred.has(name) || shells.some((text) => mentions(text, name))) return;
  const place = [...path, 'params', name];
  if (shells.length > 0 || hasOwnScript) {
    if (environmentNamePattern.test(name)) {
      const message = `The command does not mention \`$${name}\`. It is a variable of its environment all the same.`;
      return report.add('unusedParameter', message, place, 'key', 'information');
    }
    const message = `\`${name}\` cannot be a variable of a shell, and nothing else mentions it. Use \`_\` in place of \`-\`.`;
    return report.add('unusedParameter', message, place, 'key', 'warning');
  }
  const message = `The parameter \`${name}\` is used nowhere. Write \`\${${name}}\` in the command or in \`env:\`, or delete it.`;
  report.add('unusedParameter', message, place, 'key', 'warning');
}

/** `$name` or `${name…` in text for a shell. */
function mentions(text: string, name: string): boolean {
  return [`$${name}`, `\${${name}`].some((start) =>
    text
      .split(start)
      .slice(1)
      .some((rest) => !/^[A-Za-z0-9_]/.test(rest)),
  );
}
