import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkHostfile } from '../../../src/config/hostfile/checkHostfile';
import { readConfig } from '../../../src/config/readConfig';
import { compareWithCarets, readCarets } from './carets';

const folder = join(import.meta.dirname, '../../fixtures/config');
const fixtures = (kind: string): string[] => readdirSync(join(folder, kind)).sort();

const hosts = 'node1 slots=8\nnode2 slots=8\n';

describe.each(['mpirun', 'ssh', 'horovodrun', 'deepspeed', 'mxnet'] as const)(
  'hostfiles for %s',
  (launcher) => {
    it.each(fixtures(launcher))('%s has exactly the problems under its carets', (name) => {
      const { text, expected } = readCarets(readFileSync(join(folder, launcher, name), 'utf8'));
      expect(compareWithCarets(checkHostfile(text, { launchers: [launcher] }), expected)).toEqual([]);
    });
  },
);

describe('rankwise.yaml', () => {
  it.each(fixtures('yaml'))('%s has exactly the problems under its carets', async (name) => {
    const { text, expected } = readCarets(readFileSync(join(folder, 'yaml', name), 'utf8'));
    const files = new Map([
      ['/ws/rankwise.yaml', text],
      ['/ws/hosts', hosts],
      ['/ws/mixed', 'localhost slots=8\n10.0.0.5 slots=8\n'],
      ['/ws/config.json', '{ "num_epochs": 20, "debug": false }\n'],
      ['/ws/train.sbatch', '#!/bin/bash\nsrun python train.py\n'],
      ['/ws/a.sbatch', '#!/bin/bash\nsrun python train.py\n'],
    ]);
    const read = (path: string): Promise<string> => {
      const found = files.get(path);
      return found === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(found);
    };
    const model = await readConfig('/ws/rankwise.yaml', read, undefined);
    expect(compareWithCarets(model.problems, expected)).toEqual([]);
  });
});
