import { RE2JS } from 're2js';
import { RankwiseError } from '../../base/errors';
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
const longestPattern = 1000;
const factors: Readonly<Record<string, number>> = { ms: 1e-3, us: 1e-6, µs: 1e-6, min: 60, h: 3600 };

interface Compiled {
  name: MetricName;
  regex: RE2JS;
  value: string | number;
  step: string | undefined;
  epoch: string | undefined;
  unit: string | undefined;
}

/**
 * Compiles what a person wrote. RE2 takes time in proportion to the line whatever the pattern: none can hang a view.
 * @throws RankwiseError `metrics.pattern` when it is no regular expression of RE2 (which has no look-around and no
 * back-references) or has not the one group it needs.
 */
export function compilePattern({ name, pattern, unit }: OwnPattern): Compiled {
  const fail = (reason: string, cause?: unknown): RankwiseError =>
    new RankwiseError('metrics.pattern', `The pattern of the metric ${name} cannot be used: ${reason}`, {
      nextStep: 'Write it with one group for the number, such as loss is ([0-9.]+), without look-around',
      cause,
    });
  if (pattern.length > longestPattern) throw fail(`it is longer than ${longestPattern} characters`);
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern);
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), error);
  }
  const named = regex.namedGroups();
  const has = (group: string): string | undefined => (Object.hasOwn(named, group) ? group : undefined);
  const value = has('value') ?? (regex.groupCount() === 1 ? 1 : undefined);
  if (value === undefined) throw fail('it has neither exactly one group nor one that is named value');
  return { name, regex, value, step: has('step'), epoch: has('epoch'), unit };
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
