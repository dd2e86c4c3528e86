import type { TrainingFinding } from './checkTraining';
import type { JsonValue, TrainingDocument } from './readTraining';
import { keysOf, type TrainingKey, type TrainingShape } from './trainingKeys';

/** Types and ranges of the known keys. */
export function checkTrainingValues({ shape, byKey }: TrainingDocument): TrainingFinding[] {
  if (shape === undefined) return [];
  const findings: TrainingFinding[] = [];
  for (const [key, known] of Object.entries(shape.keys)) {
    const value = byKey.get(key)?.value;
    // `null` is how programs write "as by default".
    if (value === undefined || value.type === 'null') continue;
    const values = known.search === true && value.type === 'array' ? value.items : [value];
    for (const one of values) {
      const finding = judge(key, known, one);
      if (finding !== undefined) findings.push(softened(finding, shape, byKey.keys()));
    }
  }
  return findings;
}

/**
 * Few keys may be another program's, whose values mean something else: then a wrong one is not certain to fail.
 */
function softened(finding: TrainingFinding, shape: TrainingShape, keys: Iterable<string>): TrainingFinding {
  const certain = shape.name === 'replicas' ? 2 : 4;
  return finding.severity === 'error' && keysOf(shape, keys) < certain
    ? { ...finding, severity: 'warning' }
    : finding;
}

function judge(key: string, known: TrainingKey, value: JsonValue): TrainingFinding | undefined {
  const { start, end } = value;
  const wrong = (what: string, severity: 'error' | 'warning' = 'error'): TrainingFinding => ({
    code: 'wrongType',
    severity,
    message: `\`${key}\` is ${what}`,
    start,
    end,
  });
  if (known.value === 'boolean') {
    if (value.type === 'boolean') return undefined;
    if (value.type === 'string') {
      const text = 'text, and any text but `""` is true for Python. Write `true` or `false` without quotes.';
      return wrong(text, 'warning');
    }
    if (value.value === 0 || value.value === 1)
      return wrong(`a number. Write \`${value.value === 1}\`.`, 'warning');
    return wrong(`${nameOf(value)}. Write \`true\` or \`false\`.`);
  }
  // Libraries that choose by themselves take this word.
  if (value.value === 'auto') return undefined;
  if (known.value === 'level' && value.type === 'boolean') return undefined;
  if (value.type !== 'number' || typeof value.value !== 'number')
    return wrong(`${nameOf(value)}. Write ${wanted(known)}, such as \`${known.example}\`.`);
  if (known.value !== 'number' && /[.eE]/.test(value.text)) {
    const whole = Number.isSafeInteger(value.value) ? `Write \`${value.value}\`.` : `Write ${wanted(known)}.`;
    return wrong(`read as a number with a fraction by Python, which cannot count with it. ${whole}`);
  }
  return outOfRange(key, known, value, value.value);
}

function outOfRange(
  key: string,
  { least, idleAtLeast, example }: TrainingKey,
  { start, end, text }: JsonValue,
  number: number,
): TrainingFinding | undefined {
  if (!Number.isFinite(number)) {
    const message = `\`${key}\` is ${shortened(text)}, which is more than a number can be. Write one such as \`${example}\`.`;
    return { code: 'outOfRange', severity: 'error', message, start, end };
  }
  if (least === undefined || number > least) return undefined;
  if (number < least) {
    const message = `\`${key}\` is ${shortened(text)}. It must be at least ${least}.`;
    return { code: 'outOfRange', severity: 'error', message, start, end };
  }
  if (idleAtLeast !== true) return undefined;
  const message = `\`${key}\` is ${shortened(text)}, so nothing is learnt. Write one such as \`${example}\`.`;
  return { code: 'outOfRange', severity: 'warning', message, start, end };
}

function wanted({ value }: TrainingKey): string {
  return value === 'number' ? 'a number' : 'a whole number';
}

function nameOf({ type }: JsonValue): string {
  switch (type) {
    case 'object':
      return 'a mapping';
    case 'array':
      return 'a list';
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a truth value';
    case 'null':
      return '`null`';
  }
}

function shortened(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text;
}
