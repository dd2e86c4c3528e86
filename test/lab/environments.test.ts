import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PythonName } from '../../scripts/machine/ensurePython.mjs';
import { createLab, type Lab } from '../support/lab';

// Importing all of PyTorch and its kin takes long on a busy machine.
describe('the Python environments of the launchers, on a host', { timeout: 300_000 }, () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await createLab({ hosts: 1, homes: 'each' });
  });
  afterAll(() => lab.dispose());

  const imports: Record<PythonName, string> = {
    field:
      'import torch.distributed, ray.train.torch, ray.tune, lightning, accelerate, deepspeed, mpi4py, transformers',
    horovod: 'import horovod.torch as hvd; assert hvd.mpi_built() and hvd.gloo_built()',
    mxnet: "import mxnet; mxnet.kv.create('local')",
    'ray-oldest': "import ray.tune; assert ray.__version__ == '2.5.1'",
    hpbandster: 'import hpbandster.core.nameserver, hpbandster.core.worker, hpbandster.optimizers',
  };

  it.each(Object.entries(imports) as [PythonName, string][])('%s imports', async (name, statement) => {
    const { code, stderr } = await lab.exec('node1', `${lab.python(name)}/bin/python -c "${statement}"`);
    expect({ code, reason: code === 0 ? '' : stderr }).toEqual({ code: 0, reason: '' });
  });

  it.each([
    ['field', 'torchrun --help'],
    ['field', 'ray --version'],
    ['field', 'accelerate --help'],
    ['field', 'deepspeed --help'],
    ['horovod', 'horovodrun --check-build'],
    ['ray-oldest', 'ray --version'],
  ] as const)('%s has the program of %s', async (name, command) => {
    const path = `${lab.python(name)}/bin`;
    const { code, stderr } = await lab.exec('node1', `PATH=${path}:$PATH; ${command}`);
    expect({ code, reason: code === 0 ? '' : stderr }).toEqual({ code: 0, reason: '' });
  });
});
