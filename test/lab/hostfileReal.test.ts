import { describe, expect, it } from 'vitest';
import { askOpenMpi, severalAtATime } from './hostfileTruth/askOpenMpi';
import { askPython, pythonPrograms, type PythonProgram } from './hostfileTruth/askPython';
import { askRankwise } from './hostfileTruth/askRankwise';
import { generateFromReal } from './hostfileTruth/generateReal';
import { report, type Verdict } from './hostfileTruth/verdict';

function expectAgreement(
  program: 'mpirun' | PythonProgram,
  texts: readonly string[],
  theirs: readonly Verdict[],
): void {
  const result = report(
    program,
    texts.map((text, index) => ({
      row: 'published',
      text,
      theirs: theirs[index] ?? { refused: 'no answer' },
      ours: askRankwise(program, text),
    })),
  );
  console.info(result.lines.join('\n'));
  expect(result.falseErrors).toBe(0);
  expect(result.agreement).toBeGreaterThanOrEqual(0.99);
}

describe('published hostfiles and what typing makes of them, judged by the real programs', () => {
  const texts = (number: number): string[] => generateFromReal(2024, number).map(({ text }) => text);

  it.each(Object.keys(pythonPrograms) as PythonProgram[])('%s reads what we say', async (program) => {
    const cases = texts(2000);
    expectAgreement(program, cases, await askPython(cases.map((text) => [program, text])));
  });

  it('mpirun reads what we say', { timeout: 900_000 }, async () => {
    const cases = texts(400);
    expectAgreement('mpirun', cases, await severalAtATime(cases, 4, askOpenMpi));
  });
});
