import { expect, it } from 'vitest';
import { checkFile, fileKinds } from '../../../src/config/checkFile';
import { readConfig } from '../../../src/config/readConfig';

it.each(fileKinds)('does not look into a %s that is too large', (kind) => {
  const found = checkFile(kind, '/ws/file', '\n'.repeat(200_000_000));
  expect(found.map(({ code, message }) => [code, message])).toEqual([
    [`${kind}.tooLarge`, expect.stringContaining('200000000 characters, and at most 1048576 are read')],
  ]);
});

it('reads a file once, however its path is spelt', async () => {
  const names = ['hosts', ...Array.from({ length: 40 }, (_, count) => `${'./'.repeat(count + 1)}hosts`)];
  const clusters = names.map((name, index) => `  c${index}: { hosts: ${name} }\n`).join('');
  const asked: string[] = [];
  const model = await readConfig(
    '/ws/rankwise.yaml',
    (path) => {
      asked.push(path);
      return Promise.resolve(path === '/ws/hosts' ? 'node1 slots=1\n' : `version: 1\nclusters:\n${clusters}`);
    },
    undefined,
  );
  expect(asked).toEqual(['/ws/rankwise.yaml', '/ws/hosts']);
  expect(model.clusters).toHaveLength(names.length + 1);
});

it('checks a script once for all launches that name it', async () => {
  const launches = Array.from(
    { length: 8000 },
    (_, index) => `  l${index}: { cluster: uni, launcher: slurm, slurm: { script: job.sbatch } }\n`,
  ).join('');
  const yaml = `version: 1\nclusters:\n  uni: { login: uni }\nlaunches:\n${launches}`;
  const script = `#!/bin/sh\n${'#SBATCH --comment=a\n'.repeat(50_000)}`;
  const model = await readConfig(
    '/ws/rankwise.yaml',
    (path) => Promise.resolve(path.endsWith('.sbatch') ? script : yaml),
    undefined,
  );
  expect(model.problems.map(({ message }) => message)).toEqual([]);
});
