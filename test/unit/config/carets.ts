import type { Problem } from '../../../src/config/problem';

/** One expected finding of a fixture. */
interface Expected {
  line: number;
  start: number;
  end: number;
  code: string;
  severity: string;
  message: string;
}

const caretLine = /^((?:#)?\s*)(\^+)\s+(?:(warning|information)\s+)?([a-z]+\.\S+)(?:\s+(.*))?$/;

/**
 * Takes the caret lines out of a fixture: `^^^` stand under the characters of the line above, followed by
 * `[warning] code [part of the message]`. The rest is the text to check.
 */
export function readCarets(fixture: string): { text: string; expected: Expected[] } {
  const text: string[] = [];
  const expected: Expected[] = [];
  for (const line of fixture.split('\n')) {
    const match = caretLine.exec(line);
    if (match === null) {
      text.push(line);
      continue;
    }
    const [, before = '', carets = '', severity = 'error', code = '', message = ''] = match;
    const start = before.length;
    expected.push({ line: text.length - 1, start, end: start + carets.length, code, severity, message });
  }
  return { text: text.join('\n'), expected };
}

/** Missing and unexpected findings as lines a person can read; empty when all is as expected. */
export function compareWithCarets(problems: readonly Problem[], expected: readonly Expected[]): string[] {
  const rest = [...problems];
  const differences: string[] = [];
  for (const wanted of expected) {
    const { line, start, end, code, severity, message } = wanted;
    const index = rest.findIndex(
      (problem) =>
        problem.code === code &&
        problem.severity === severity &&
        problem.range.start.line === line &&
        problem.range.start.character === start &&
        problem.range.end.line === line &&
        problem.range.end.character === end &&
        problem.message.includes(message),
    );
    if (index >= 0) rest.splice(index, 1);
    else differences.push(`missing ${line + 1}:${start}-${end} ${severity} ${code} ${message}`);
  }
  for (const { code, severity, range, message } of rest) {
    const { start, end } = range;
    differences.push(
      `unexpected ${start.line + 1}:${start.character} to ${end.line + 1}:${end.character} ${severity} ${code} ${message}`,
    );
  }
  return differences;
}
