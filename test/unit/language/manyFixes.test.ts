import { expect, it } from 'vitest';
import { checkFile } from '../../../src/config/checkFile';
import { sbatchFixes } from '../../../src/language/sbatchFixes';
import { trainingFixes } from '../../../src/language/trainingFixes';

it('finds the fixes of a file full of problems without reading it for each', () => {
  const script = `#!/bin/sh\n${'#SBTACH --time=1\n'.repeat(50_000)}`;
  const inScript = checkFile('sbatch', '/ws/job.sbatch', script);
  expect(inScript.length).toBeGreaterThanOrEqual(50_000);
  const first = inScript.slice(0, 10_000);
  expect(first.flatMap((problem) => sbatchFixes(script, problem, {})).length).toBeGreaterThan(9_000);

  const json = `{${'"debug": 1,\n'.repeat(50_000)}"gpus": 1}`;
  const inJson = checkFile('training', '/ws/a.json', json).slice(0, 10_000);
  expect(inJson).toHaveLength(10_000);
  expect(inJson.flatMap((problem) => trainingFixes(json, problem)).length).toBeGreaterThan(0);
});
