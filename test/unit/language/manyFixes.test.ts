import { expect, it } from 'vitest';
import { checkFile } from '../../../src/config/checkFile';
import { fewOfEach } from '../../../src/config/fewFindings';
import { rankwiseFixes } from '../../../src/language/rankwiseFixes';
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

it('mends the last problem that is shown like those before it', () => {
  const clusters = Array.from(
    { length: 300 },
    (_, index) => `  c${index}: { hosts: [node1], user: 1000 }\n`,
  ).join('');
  const text = `version: 1\nclusters:\n${clusters}`;
  const shown = fewOfEach(checkFile('rankwise', '/ws/rankwise.yaml', text));
  const last = shown.findLast(({ message }) => message.includes('Put it in quotes.'));
  expect(last?.message).toMatch(/more findings of this kind follow\.$/);
  expect(last && rankwiseFixes(text, last, {})).toMatchObject([{ title: 'Put it in quotes' }]);
});
