import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSiteFacts } from '../../src/cluster/slurm/readSiteFacts';
import { withSlurm } from '../../src/cluster/slurm/findSlurm';
import siteScript from '../../src/cluster/slurm/remote/site.sh';
import { checkSbatch } from '../../src/config/sbatch/checkSbatch';
import { parseTestOnly } from '../../src/config/sbatch/parseTestOnly';
import { createLab, type Lab } from '../support/lab';
import { sbatchVerdict, type SbatchVerdict } from '../support/sbatchVerdict';
import { aspects, mutations, type Mutation } from './sbatch/mutations';

let lab: Lab;
beforeAll(async () => {
  lab = await createLab({
    hosts: 4,
    homes: 'shared',
    slurm: {
      gpus: 4,
      cpus: 64,
      memoryMb: 256_000,
      partitions: [{ name: 'short', nodes: ['node1', 'node2'], maxTime: '01:00:00' }],
    },
  });
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

describe('a real site', () => {
  it.each(['dash', 'bash', 'busybox sh'])('says what it has, asked by %s', async (shell) => {
    await writeFile(join(lab.truth.outside, 'site.sh'), withSlurm(siteScript));
    const { stdout } = await lab.exec('head', `${shell} ${lab.truth.inside}/site.sh ''`);
    expect(parseSiteFacts(stdout, 'head')).toEqual({
      version: '22.05.8',
      maxArraySize: 1001,
      features: [],
      accounts: undefined,
      qos: undefined,
      nodes: expect.arrayContaining(['node[1-4]']) as unknown,
      partitions: [
        {
          name: 'main',
          isDefault: true,
          isUp: true,
          maxTime: Infinity,
          nodes: 4,
          maxNodes: Infinity,
          cpus: 64,
          memory: 256_000,
          gpus: 4,
          gres: ['gpu:4'],
          features: [],
        },
        {
          name: 'short',
          isDefault: false,
          isUp: true,
          maxTime: 3600,
          nodes: 2,
          maxNodes: Infinity,
          cpus: 64,
          memory: 256_000,
          gpus: 4,
          gres: ['gpu:4'],
          features: [],
        },
      ],
    });
  });

  it.each([
    ['-p nosuch', 1],
    ['--gres=gpu:8', 1],
    ['-N 2 / --time=x', 2],
    ['-N 2 / --foo=1', 2],
    ['-N 2 / -p short / -N 3', 3],
    ["-N 2 / --comment=it's", 2],
    ['-n 4 / -N x', 2],
    ['-t 5 / --ntasks=two', 2],
    ['-t 5 / -a 3-1', 2],
    ['-t 5 / -w node9', 2],
    ['-t 5 / -C a100', 2],
  ])('answers to %s at line %i of the directives', async (directives, line) => {
    const lines = directives.split(' / ').map((one) => `#SBATCH ${one}\n`);
    const [judged] = await askSbatch([
      { aspect: 'arguments', text: `#!/bin/bash\n${lines.join('')}srun hostname\n` },
    ]);
    const [problem] = parseTestOnly(judged?.said ?? '', judged?.text ?? '');
    expect(problem).toMatchObject({ code: 'sbatch.refused', severity: 'error' });
    expect(problem?.range.start.line, problem?.message).toBe(line);
  });
});
