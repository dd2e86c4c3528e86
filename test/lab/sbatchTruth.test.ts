import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSbatch } from '../../src/config/sbatch/checkSbatch';
import { createLab, type Lab } from '../support/lab';
import { sbatchVerdict, type SbatchVerdict } from '../support/sbatchVerdict';
import { aspects, mutations, type Mutation } from './sbatch/mutations';

let lab: Lab;
beforeAll(async () => {
  lab = await createLab({ hosts: 4, homes: 'shared', slurm: { gpus: 4, cpus: 64, memoryMb: 256_000 } });
});
afterAll(() => lab.dispose());

interface Judged extends Mutation {
  verdict: SbatchVerdict;
  said: string;
}

/** Asks the real sbatch about every script, four at a time. */
async function askSbatch(scripts: Mutation[]): Promise<Judged[]> {
  const outside = join(lab.truth.outside, 'sbatch');
  await mkdir(outside, { mode: 0o777 });
  await Promise.all(scripts.map(({ text }, index) => writeFile(join(outside, `${index}.sh`), text)));
  const ask = 'said=$(sbatch --test-only $0 2>&1); printf "%s\\n%s" $? "$said" > $0.said';
  const { code, stderr } = await lab.exec(
    'head',
    `cd ${lab.truth.inside}/sbatch && chmod 777 . && printf '%s\\n' *.sh | xargs -P 4 -n 1 sh -c '${ask}'`,
    { user: 'root' },
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(await readdir(outside)).toHaveLength(2 * scripts.length);
  const judged = await Promise.all(
    scripts.map(async (script, index) => {
      const [exit = '', ...said] = (await readFile(join(outside, `${index}.sh.said`), 'utf8')).split('\n');
      return { ...script, verdict: sbatchVerdict(Number(exit), said.join('\n')), said: said.join('\n') };
    }),
  );
  await rm(outside, { recursive: true });
  return judged;
}

function ours(text: string): { refuses: boolean; codes: string[]; namesPlugIn: boolean } {
  const problems = checkSbatch(text);
  return {
    refuses: problems.some(({ severity }) => severity === 'error'),
    namesPlugIn: problems.some(({ code }) => code === 'sbatch.plugInOption'),
    codes: problems.map(({ code, severity }) => `${code} ${severity}`),
  };
}

describe('checkSbatch against sbatch --test-only', () => {
  it.each([1, 20_261_123])('agrees on spoilt scripts, seed %i', async (seed) => {
    const judged = await askSbatch(mutations(seed, 120));
    const certain = judged.filter(({ verdict }) => verdict !== 'site');
    expect(certain.filter(({ verdict }) => verdict === 'refused').length / certain.length).toBeGreaterThan(
      0.3,
    );
    for (const aspect of aspects) {
      expect(certain.filter((one) => one.aspect === aspect).length, aspect).toBeGreaterThanOrEqual(50);
    }
    const differences = judged.flatMap(({ text, verdict, said }) => {
      const { refuses, namesPlugIn, codes } = ours(text);
      const kind =
        refuses && verdict !== 'refused'
          ? 'false error'
          : !refuses && !namesPlugIn && verdict === 'refused'
            ? 'missed'
            : undefined;
      return kind === undefined ? [] : [{ kind, text, said, codes }];
    });
    expect(differences.filter(({ kind }) => kind === 'false error')).toEqual([]);
    const missed = differences.filter(({ kind }) => kind === 'missed');
    expect(missed.length / certain.length, JSON.stringify(missed, undefined, 2)).toBeLessThanOrEqual(0.01);
  });
});
