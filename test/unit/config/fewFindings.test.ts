import { expect, it } from 'vitest';
import { checkFile } from '../../../src/config/checkFile';
import { fewOfEach } from '../../../src/config/fewFindings';

it('keeps the first problems of each code and severity, and says how many more there are', () => {
  const script = `#!/bin/sh\n#SBATCH --time=24h\n${'#SBTACH --time=1\n'.repeat(2000)}`;
  const problems = checkFile('sbatch', '/ws/job.sbatch', script);
  const few = fewOfEach(problems);
  const misspelt = few.filter(({ code }) => code === 'sbatch.misspelt');
  expect(misspelt).toHaveLength(200);
  expect(misspelt.at(-2)?.message).not.toMatch('more findings');
  expect(misspelt.at(-1)?.message).toMatch(/ 1800 more findings of this kind follow\.$/);
  expect(misspelt[0]).toEqual(problems.find(({ code }) => code === 'sbatch.misspelt'));
  expect(few.filter(({ code }) => code === 'sbatch.value')).toHaveLength(1);
});

it('counts errors and warnings of one code apart, and leaves a short list as it is', () => {
  const made = (severity: 'error' | 'warning', count: number) =>
    Array.from({ length: count }, (_, index) => ({ code: 'a', severity, message: `${index}` }));
  const short = [...made('error', 200), ...made('warning', 200)];
  expect(fewOfEach(short)).toEqual(short);
  expect(fewOfEach([...made('error', 201), ...made('warning', 300)])).toHaveLength(400);
});
