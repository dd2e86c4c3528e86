import { RankwiseError } from '../../base/errors';
import { compileValuePattern, type ValuePattern } from '../../base/valuePattern';
import type { MetricName, Scope } from '../point';
import { isFraction, isKnown, unitOf, type Dialect, type Reading } from './dialect';
import { wholeNumber } from './number';
import { readContext } from './pairContext';
import { Values } from './values';

/** A metric that a person defined, as `rankwise.yaml` has it. */
export interface OwnPattern {
  name: string;
  /** Regular expression of RE2: one group for the number, or groups named `value`, `step` and `epoch`. */
  pattern: string;
  /** `%`, `ms` and `us` of a known metric are converted; other units are shown as they are. */
  unit: string | undefined;
  scope: Scope;
}

/** Longer lines are no lines of values: a pattern of a person is not tried on them. */
const longestLine = 4096;
const factors: Readonly<Record<string, number>> = { ms: 1e-3, us: 1e-6, µs: 1e-6, min: 60, h: 3600 };

interface Compiled extends ValuePattern {
  name: MetricName;
  unit: string | undefined;
}

/**
 * Compiles what a person wrote, see {@link compileValuePattern}: no pattern can hang a view.
 * @throws RankwiseError `metrics.pattern`.
 */
export function compilePattern({ name, pattern, unit }: OwnPattern): Compiled {
  const found = compileValuePattern(pattern);
  if (typeof found !== 'string') return { ...found, name, unit };
  throw new RankwiseError('metrics.pattern', `The pattern of the metric ${name} cannot be used. ${found}`, {
    nextStep: 'Write it with one group for the number, such as loss is ([0-9.]+), without look-around',
  });
}

function inUnit(name: MetricName, value: number, unit: string | undefined): number {
  if (!isKnown(name)) return value;
  if (isFraction(name)) return unit === '%' || value > 1 ? value / 100 : value;
  const factor =
    unitOf(name) === 's' && unit !== undefined && Object.hasOwn(factors, unit) ? factors[unit] : 1;
  return value * (factor ?? 1);
}

function readWith(patterns: readonly Compiled[], line: string): Reading | undefined {
  if (line.length > longestLine) return undefined;
  const values = new Values();
  let epoch: number | undefined;
  let step: number | undefined;
  for (const { name, regex, value, step: stepGroup, epoch: epochGroup, unit } of patterns) {
    if (!regex.test(line)) continue;
    const match = regex.matcher(line);
    if (!match.find()) continue;
    const group = (of: string | number | undefined): number | undefined =>
      of === undefined ? undefined : wholeNumber((match.group(of) ?? '').replaceAll(',', ''));
    const number = group(value);
    if (number === undefined) continue;
    values.put(name, inUnit(name, number, unit));
    step ??= group(stepGroup);
    epoch ??= group(epochGroup);
  }
  if (values.map.size === 0) return undefined;
  const context = readContext(line);
  return { epoch: epoch ?? context.epoch, step: step ?? context.step, values: values.map };
}

/**
 * Dialects of what a person defined, at most one for each scope.
 * @throws RankwiseError `metrics.pattern`.
 */
export function ownDialects(patterns: readonly OwnPattern[]): Dialect[] {
  return (['worker', 'job'] as const).flatMap((scope) => {
    const compiled = patterns.filter((pattern) => pattern.scope === scope).map(compilePattern);
    if (compiled.length === 0) return [];
    const read = (line: string): Reading | undefined => readWith(compiled, line);
    return [{ name: 'own pattern', scope, reporters: 'every' as const, start: () => read }];
  });
}

/** Units of metrics that only a person knows. */
export function ownUnits(patterns: readonly OwnPattern[]): Map<MetricName, string> {
  const own = patterns.filter(({ name, unit }) => !isKnown(name) && unit !== undefined);
  return new Map(own.map(({ name, unit }) => [name, unit ?? '']));
}
