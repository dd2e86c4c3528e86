import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../scripts/machine/repository.mjs';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';
import { takeTurnsWithRay } from '../support/rayTurn';

const files = ['train.py', 'config.json'];

// Starting a Ray takes seconds of several cores: on a busy machine a minute.
describe('Ray in a job of Slurm', { timeout: 600_000 }, () => {
  let lab: Lab;
  let test: TestCore;

  takeTurnsWithRay();
  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'shared', slurm: { gpus: 4 } });
    test = await createTestCore(lab.sshConfigFile);
    for (const file of files) await copyFile(join(repository, 'examples/ray', file), join(test.folder, file));
  });
  afterAll(async () => {
    await test.dispose();
    await lab.dispose();
  });

  it('starts Ray on the nodes of the job, trains, and leaves nothing', async () => {
    await test.configure(`version: 1
clusters:
  site:
    login: head
    workdir: ~/work
    setup: export PATH=${lab.python('field')}/bin:$PATH
launches:
  16_gpus:
    cluster: site
    launcher: ray
    command: python train.py --config ./config.json --storage ~/results
    files: [${files.join(', ')}]
    nodes: 2
    ray: { numCpus: 2, joinSeconds: 240 }
    slurm: { gres: "gpu:4", cpusPerTask: 4, exclusive: true, time: "48:00:00" }
`);
    expect(test.core.config.current?.problems).toEqual([]);
    const { id } = await test.core.runs.launch('16_gpus', {}, () => undefined);
    const { state } = await runReaches(test, id, isOver, 500_000);
    const directory = `~/.rankwise/runs/${id}/head`;
    const { stdout: log } = await lab.exec('head', `cat ${directory}/batch.log`);
    expect({ state, log }).toMatchObject({ state: { kind: 'ended', exit: { code: 0 } } });
    expect(log).toMatch(/rankwise: Ray 2\.\d+\.\d+ is ready after [\d.]+ s: 2 hosts, 4 CPUs, 8 GPUs/);
    expect(log.match(/RayTrainWorker pid=\d+(?:, ip=[\d.]+)?\) Epoch 2 step 4 /g)).toHaveLength(4);
    const { stdout: left } = await lab.exec('head', `ls -A ${directory} | grep ray-token`);
    expect([left, ...(await lab.processesWith(id))]).toEqual(['']);
    for (const { name } of lab.hosts) {
      expect((await lab.exec(name, 'ls -d /tmp/rankwise-*')).stdout).toBe('');
    }
  });
});
