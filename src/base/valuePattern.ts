import { RE2JS } from 're2js';

/** A regular expression of RE2 that finds a number, and which of its groups say what. */
export interface ValuePattern {
  regex: RE2JS;
  value: string | number;
  step: string | undefined;
  epoch: string | undefined;
}

const LONGEST = 1000;

/**
 * Compiles what a person wrote: one group for the number, or groups named `value`, `step` and `epoch`. RE2 takes time in
 * proportion to the text whatever the pattern is, and so has no look-around and no back-references.
 * @returns the reason as one sentence where it cannot be used.
 */
export function compileValuePattern(pattern: string): ValuePattern | string {
  if (pattern.length > LONGEST) return `The pattern is longer than ${LONGEST} characters. Make it shorter.`;
  let regex: RE2JS;
  try {
    regex = RE2JS.compile(pattern);
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    const hint = /\(\?<?[=!]|\\[1-9]/.test(pattern)
      ? 'Write it without look-around and back-references, which RE2 does not have.'
      : 'Put `\\` before characters that stand for themselves.';
    return `The pattern is not a regular expression of RE2: ${reason}. ${hint}`;
  }
  const named = regex.namedGroups();
  const has = (group: string): string | undefined => (Object.hasOwn(named, group) ? group : undefined);
  const hasNames = Object.keys(named).length > 0;
  const value = has('value') ?? (regex.groupCount() === 1 && !hasNames ? 1 : undefined);
  if (value !== undefined) return { regex, value, step: has('step'), epoch: has('epoch') };
  return hasNames
    ? 'None of the groups is named `value`. Write `(?<value>…)` around the number.'
    : 'The pattern needs one group `(…)` around the number. Write `(?:…)` for other groups, or name the group: `(?<value>…)`.';
}
