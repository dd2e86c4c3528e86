import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PythonName } from '../../scripts/machine/ensurePython.mjs';
import { importCommand } from '../../src/imports/importCommand';
import { importedInto } from '../../src/imports/importedInto';
import { applyEdits } from '../../src/language/applyEdits';
import { createCli, type Cli } from '../support/cli';
import { createLab, type Lab } from '../support/lab';
import { takeTurnsWithRay } from '../support/rayTurn';

interface Row {
  what: string;
  python: PythonName;
  /** Typed on this machine, in a shell in which the environment is active. */
  command?: string;
  /** Typed on a host. */
  on?: [host: string, command: string];
  launcher: string;
  /** How many lines of the training all logs hold. */
  lines: [pattern: RegExp, count: number];
}

const step = /samples\/s/g;
const rows: Row[] = [
  {
    what: 'mpirun with a list of hosts',
    python: 'field',
    command:
      'mpirun -np 4 -H node1:2,node2:2 -x OMP_NUM_THREADS=1 -mca pml ob1 -mca btl ^openib --tag-output python ~/ddp.py --epochs 1 --steps 5 2>&1 | tee log',
    launcher: 'mpirun',
    lines: [step, 20],
  },
  {
    what: 'horovodrun --mpi',
    python: 'horovod',
    command:
      'horovodrun -np 4 -H node1:2,node2:2 --mpi python /home/trainer/horovod_train.py --epochs 1 --steps 20',
    launcher: 'horovodrun',
    lines: [/Loss: /gi, 4],
  },
  {
    what: 'torchrun on a host',
    python: 'field',
    on: [
      'node1',
      'OMP_NUM_THREADS=1 torchrun --standalone --nproc_per_node=2 ddp.py --epochs 1 --steps 5 >log &',
    ],
    launcher: 'torchrun',
    lines: [step, 10],
  },
  {
    what: 'torch.distributed.launch',
    python: 'field',
    on: [
      'node2',
      'python -m torch.distributed.launch --use_env --nproc_per_node=2 ~/ddp.py --epochs 1 --steps 5',
    ],
    launcher: 'torchrun',
    lines: [step, 10],
  },
  {
    what: 'launch.py with a hostfile on the head',
    python: 'mxnet',
    on: [
      'node1',
      'python ~/launch.py -n 2 -s 1 -H ~/workers --launcher ssh python /home/trainer/mxnet_train.py --num-epochs 1 --batches 41',
    ],
    launcher: 'mxnet',
    lines: [/Speed: /g, 2],
  },
  {
    what: 'deepspeed with a hostfile',
    python: 'field',
    command: 'deepspeed --hostfile=hosts --no_local_rank ~/ddp.py --epochs 1 --steps 5',
    launcher: 'deepspeed',
    lines: [step, 20],
  },
  {
    what: 'accelerate launch on several machines',
    python: 'field',
    command:
      'accelerate launch --num_machines 2 --machine_rank 0 --num_processes=4 --main_process_ip node1 /home/trainer/accelerate_train.py',
    launcher: 'accelerate',
    lines: [step, 4],
  },
  {
    what: 'sbatch with a script',
    python: 'field',
    on: ['head', 'sbatch -N 2 --ntasks-per-node=1 ./job.sbatch'],
    launcher: 'slurm',
    lines: [step, 10],
  },
];

const rayRows: Row[] = [
  {
    what: 'ray start and the program that uses it',
    python: 'field',
    on: [
      'node1',
      'ray start --head --num-cpus=3; python ray_train.py --workers 2 --epochs 2 --steps 5; ray stop',
    ],
    launcher: 'ray',
    lines: [/loss/gi, 4],
  },
  {
    what: 'ray job submit',
    python: 'field',
    on: ['node1', 'ray job submit -- python ray_train.py --workers 1 --epochs 2 --steps 5'],
    launcher: 'ray',
    lines: [/loss/gi, 2],
  },
];

const job = `#!/bin/bash
#SBATCH --job-name=imported
export MASTER_ADDR=node1 MASTER_PORT=29555
srun /usr/bin/python3 ~/ddp.py --epochs 1 --steps 5
`;

// What is pasted becomes the launch of an empty rankwise.yaml, which runs as it is.
describe.each([
  { launchers: 'launchers and Slurm', chosen: rows, withRay: false },
  { launchers: 'Ray', chosen: rayRows, withRay: true },
])('launches that are imported: $launchers', { timeout: 400_000 }, ({ chosen, withRay }) => {
  let lab: Lab;
  let cli: Cli;

  if (withRay) takeTurnsWithRay();
  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'shared', slurm: { gpus: 0 } });
    cli = await createCli(lab.sshConfigFile);
    await writeFile(join(cli.folder, 'hosts'), 'node1 slots=2\nnode2 slots=2\n');
    await writeFile(join(cli.folder, 'job.sbatch'), job);
    await lab.exec('node1', "printf 'node1\\nnode2\\n' >~/workers");
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  it.each(chosen)('$what', async ({ python, command, on, launcher, lines: [pattern, count] }) => {
    const setUp = `export PATH=${lab.python(python)}/bin:$PATH`;
    const text = on === undefined ? `${setUp}\n${command ?? ''}` : `ssh ${on[0]} '${setUp}; ${on[1]}'`;
    const { launches } = importCommand(text);
    expect(launches).toHaveLength(1);
    const inserted = importedInto(undefined, launches[0]!);
    const yaml = applyEdits('', inserted?.edits ?? []);
    expect(yaml).toContain(`launcher: ${launcher}\n`);
    await cli.configure(yaml);
    const { id, code, stderr } = await cli.launchAndWait(inserted?.launch ?? '');
    expect([code, code === 0 ? '' : `${yaml}\n${stderr}`]).toEqual([0, '']);
    expect(await cli.inspect(id)).toMatchObject({ state: 'ended', exit: 0, by: 'itself' });
    const { stdout } = await lab.exec('head', `cat ~/.rankwise/runs/${id}/*/*.log`);
    expect(stdout.match(pattern)?.length ?? 0, stdout.slice(-3000)).toBeGreaterThanOrEqual(count);
    expect(await lab.processesWith(id)).toEqual([]);
  });
});
