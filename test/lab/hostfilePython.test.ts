import { describe, expect, it } from 'vitest';
import { askPython, pythonPrograms, type PythonProgram } from './hostfileTruth/askPython';
import { askRankwise } from './hostfileTruth/askRankwise';
import { generateHostfiles, rules } from './hostfileTruth/generate';
import { report } from './hostfileTruth/verdict';

describe('hostfiles, judged by the parsers of horovodrun, DeepSpeed and launch.py', () => {
  it.each(Object.keys(pythonPrograms) as PythonProgram[])('%s reads what we say', async (program) => {
    const cases = generateHostfiles(5, 70 * Object.keys(rules).length);
    const theirs = await askPython(cases.map(({ text }) => [program, text]));
    const result = report(
      program,
      cases.map(({ row, text }, index) => ({
        row,
        text,
        theirs: theirs[index] ?? { refused: 'no answer' },
        ours: askRankwise(program, text),
      })),
    );
    console.info(result.lines.join('\n'));
    expect(result.falseErrors).toBe(0);
    expect(result.agreement).toBeGreaterThanOrEqual(0.99);
    expect(cases.length).toBeGreaterThanOrEqual(2000);
    expect(Math.min(...result.rows.values())).toBeGreaterThanOrEqual(50);
    // launch.py refuses nothing but a file without a host.
    expect(result.refused).toBeGreaterThan(program === 'mxnet' ? 0 : 0.3);
  });
});
