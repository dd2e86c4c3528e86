import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { launcherNames, type ConfigModel } from '../../../src/config/model';
import { readConfig } from '../../../src/config/readConfig';
import { applyParameters, chosenValues } from '../../../src/launch/parameters';
import { expandTrials } from '../../../src/launch/trials';

const folder = join(import.meta.dirname, '../../../examples');

const samples = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'rankwise.yaml')));

function read(name: string): Promise<ConfigModel> {
  return readConfig(join(folder, name, 'rankwise.yaml'), (path) => readFile(path, 'utf8'), undefined);
}

describe('examples', () => {
  it.each(samples)('%s has no problem, and every launch can be filled in', async (name) => {
    const { problems, launches, broken } = await read(name);
    expect(problems).toEqual([]);
    expect(broken).toEqual([]);
    for (const launch of launches) {
      const trials = expandTrials(launch);
      expect(new Set(trials.map(({ id }) => id)).size).toBe(trials.length);
      for (const trial of trials) expect(applyParameters(launch, {}, trial).resolved).toBe(true);
    }
  });

  it('show every launcher', async () => {
    const { launches } = await read('launchers');
    expect(new Set(launches.map(({ launcher }) => launcher))).toEqual(new Set(launcherNames));
  });

  it('reach the workers behind a leader through it, and the leader by its public address', async () => {
    const [cluster] = (await read('horovod-aws')).clusters;
    const key = { user: 'ubuntu', identityFile: '~/.ssh/yourkey.pem' };
    const leader = { host: '54.12.0.7', ...key };
    expect(
      cluster?.hosts.map(({ name, target, peer, slots, gpus }) => [name, target, peer, slots, gpus]),
    ).toEqual([
      ['leader', leader, '10.0.0.4', 8, 8],
      ['10.0.0.5', { host: '10.0.0.5', ...key, via: leader }, '10.0.0.5', 8, 8],
    ]);
    expect(cluster?.head).toBe(cluster?.hosts[0]);
  });

  it('take named parameters of several machines', async () => {
    const launch = (await read('imagenet-machines')).launches[0];
    if (launch === undefined) throw new Error('no launch');
    const applied = applyParameters(launch, chosenValues(launch, ['x4_args'], { epochs: '3' }));
    expect(applied).toMatchObject({ nodes: 4, outputs: ['runs/4gpu_distributed/*.tar'] });
    expect(applied.command).toEqual(
      ['python', 'train_imagenet_nv.py', '~/data/imagenet', '--save-dir', 'runs/4gpu_distributed'].concat([
        '--lr',
        '1.6',
        '--epochs',
        '3',
      ]),
    );
    expect(applied.secrets).toEqual([
      { variable: 'AWS_ACCESS_KEY_ID', source: 'env:AWS_ACCESS_KEY_ID' },
      { variable: 'AWS_SECRET_ACCESS_KEY', source: 'secret:aws' },
    ]);
    expect(JSON.stringify(applied.env)).not.toContain('AWS_SECRET');
  });

  it('vary nodes and GPUs, three runs each', async () => {
    const launch = (await read('lightning-slurm')).launches.find(({ name }) => name === 'scaling');
    if (launch === undefined) throw new Error('no launch');
    const trials = expandTrials(launch);
    expect(trials.map(({ id }) => id)).toEqual(
      ['nodes-2-gpus-0', 'nodes-2-gpus-1', 'nodes-8-gpus-0', 'nodes-8-gpus-1'].flatMap((name) =>
        ['r1', 'r2', 'r3'].map((run) => `${name}-${run}`),
      ),
    );
    expect(trials[11]?.label).toBe('nodes 8 · gpus 1 · run 3 of 3');
    const last = applyParameters(launch, {}, trials[11]);
    expect(last).toMatchObject({ nodes: 8, gpus: 1 });
    expect(last.command.slice(0, 6)).toEqual(['python', 'train.py', '--nodes', '8', '--gpus', '1']);
  });
});
