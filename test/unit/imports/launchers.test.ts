import { describe, expect, it } from 'vitest';
import { importCommand } from '../../../src/imports/importCommand';
import { expectWords, plan } from './plannedImport';

describe('import of a launcher', () => {
  it('mpirun: hosts with slots, further options, the directory, variables', async () => {
    const { launch, argv, yaml, scripts, dropped } = await plan(
      "OMP_NUM_THREADS=4 /opt/ompi/bin/mpirun -n 4 -H node1:2,node2:2 --oversubscribe --mca pml ob1 -mca pml ucx -wdir /data -x 'MSG=a b' -x LR=$LR --tag-output python3 train.py --lr '0.1 x'",
    );
    for (const words of [['-np', '4'], ['--oversubscribe'], ['-mca', 'pml', 'ob1'], ['--tag-output']]) {
      expectWords(argv, ...words);
    }
    expect(launch.env).toEqual({ OMP_NUM_THREADS: '4', MSG: 'a b' });
    expect(yaml).toContain('hosts: [{host: node1, slots: 2}, {host: node2, slots: 2}]\n    workdir: /data\n');
    expect(scripts).toContain("\nLR=$LR python3 train.py --lr '0.1 x'\n");
    expect(dropped).toEqual([
      '-mca pml ucx: the parameter is given twice',
      '/opt/ompi/bin/mpirun: mpirun is looked up in the PATH of a login shell; put its directory there in `setup:`',
    ]);
  });

  it('horovodrun', async () => {
    const { launch, argv } = await plan(
      'horovodrun -np 4 -H a:2,b:2 --mpi --network-interface ens3 --autotune --fusion-threshold-mb 16 python train.py',
    );
    for (const words of [
      ['-np', '4'],
      ['--mpi'],
      ['--network-interfaces', 'ens3'],
      ['--autotune', '--fusion-threshold-mb', '16'],
    ]) {
      expectWords(argv, ...words);
    }
    expect(launch.command).toEqual(['python', 'train.py']);
  });

  it('torchrun on several hosts', async () => {
    const { plan: planned, dropped } = await plan(
      'torchrun --nnodes=2 --nproc_per_node 4 --node_rank=$RANK --master-addr 10.0.0.1 --master_port=29500 --tee 3 train.py --lr 0.1',
    );
    expect(planned.processes).toHaveLength(2);
    for (const { argv } of planned.processes) {
      expect(argv).toEqual(
        expect.arrayContaining(['torchrun', '--nnodes=2', '--nproc_per_node=4', '--tee', '3']),
      );
    }
    expect(planned.np).toBe(8);
    expect(dropped.map((line) => line.split(':')[0])).toEqual([
      '--node_rank=$RANK',
      '--master-addr 10.0.0.1',
      '--master_port=29500',
    ]);
  });

  it('torchrun that is elastic, and as a module', async () => {
    const { plan: planned, launch } = await plan(
      'python3 -m torch.distributed.run --nnodes 1:4 --nproc-per-node=2 --max_restarts=3 --rdzv_backend=c10d -m pkg.train --x',
    );
    expect(planned.processes[0]?.argv).toEqual(
      expect.arrayContaining([
        '--nnodes=1:4',
        '--nproc_per_node=2',
        '--max_restarts=3',
        '--rdzv_backend=c10d',
      ]),
    );
    expect(launch.command).toEqual(['python3', '-m', 'pkg.train', '--x']);
    expect(launch.name).toBe('pkg.train');
  });

  it('torch.distributed.launch, which passes the local rank as an argument', async () => {
    const { argv, scripts, launch } = await plan(
      'python -u -m torch.distributed.launch --nproc_per_node=2 train.py "$DATA" --lr 0.1 2>&1 | tee log',
    );
    expect(argv).toEqual(expect.arrayContaining(['-m', 'torch.distributed.launch', '--nproc_per_node=2']));
    expect(launch.torchrun.program).toBe('torch.distributed.launch');
    expect(scripts).toContain('\npython train.py --local_rank="$LOCAL_RANK" "$DATA" --lr 0.1\n');
  });

  it('deepspeed', async () => {
    const { plan: planned, launch } = await plan(
      'deepspeed --hostfile=hosts.txt --num_nodes 2 --num_gpus=4 --no_local_rank train.py --deepspeed ds.json',
    );
    expect(planned.processes).toHaveLength(2);
    expect(planned.np).toBe(8);
    expect(launch.command).toEqual(['python', 'train.py', '--deepspeed', 'ds.json']);
    const { launches } = importCommand('deepspeed --include=a:0,1@b train.py --x');
    expect(launches[0]?.launch.yaml).toContain('command: python train.py --local_rank="$LOCAL_RANK" --x\n');
    expect(launches[0]?.cluster?.yaml).toContain('[{host: a, slots: 2}, {host: b}]');
  });

  it('accelerate launch', async () => {
    const { argv, launch } = await plan(
      'accelerate launch --multi_gpu --mixed_precision bf16 --num_processes=2 --main_process_port 0 train.py --lr 0.1',
    );
    expectWords(argv, '--multi_gpu', '--mixed_precision', 'bf16');
    expect(argv).toEqual(expect.arrayContaining(['--num_processes=2', '--num_machines=1']));
    expect(launch.command).toEqual(['python', 'train.py', '--lr', '0.1']);
  });

  it('ray job submit', async () => {
    const { launch, dropped } = await plan(
      'RAY_ADDRESS=http://10.0.0.5:8265 ray job submit --working-dir . --runtime-env-json \'{"pip": ["x"]}\' -- python train.py --n 2',
    );
    expect(launch).toMatchObject({
      launcher: 'ray',
      command: ['python', 'train.py', '--n', '2'],
      ray: { mode: 'submit', address: 'http://10.0.0.5:8265' },
    });
    expect(dropped).toHaveLength(2);
  });

  it('sbatch with a script, its options and what has no key', async () => {
    const { launch, scripts, dropped } = await plan(
      'sbatch -N4 --gres=gpu:4 -t 1:00:00 --mem=1.5G -o x.%j --mail-type=END --exclusive -J big ./jobs/train.sbatch a b',
    );
    expect(launch).toMatchObject({
      name: 'big',
      nodes: 4,
      slurm: { script: 'jobs/train.sbatch', gres: 'gpu:4', time: '1:00:00', exclusive: true },
    });
    for (const option of [
      '--nodes=4',
      '--gres=gpu:4',
      '--time=1:00:00',
      '--mem=1.5G',
      '-o',
      'x.%j',
      '--mail-type=END',
      '--exclusive',
    ]) {
      expect(scripts).toContain(option);
    }
    expect(dropped).toEqual(['a b: a script gets no arguments; put them into the script']);
  });

  it.each([
    'sbatch -n 8 --ntasks-per-node=4 --wrap="srun --mpi=pmix python train.py --lr 0.1"',
    'srun -n 8 --ntasks-per-node=4 --mpi=pmix python train.py --lr 0.1',
  ])('a job without a script: %s', async (text) => {
    const { launch, scripts } = await plan(text);
    expect(launch).toMatchObject({
      np: 8,
      command: ['python', 'train.py', '--lr', '0.1'],
      slurm: { ntasksPerNode: 4, srun: ['--mpi=pmix'] },
    });
    for (const words of ['#SBATCH --ntasks=8\n', '#SBATCH --ntasks-per-node=4\n', '--mpi=pmix']) {
      expect(scripts).toContain(words);
    }
  });

  it('through ssh: the host is the head, or the login node', async () => {
    const { yaml, launch, scripts, dropped } = await plan(
      "ssh -t -p 2222 -i ~/.ssh/k.pem -J gate me@lead 'cd ~/x && source venv/bin/activate && mpirun -np 4 --hostfile hosts python t.py >log 2>&1 &'",
    );
    expect(yaml).toContain(`    hosts:
      onHead: ~/x/hosts
    head:
      host: lead
      user: me
      port: 2222
      identityFile: ~/.ssh/k.pem
      proxyJump: gate
    workdir: ~/x
    setup: [source venv/bin/activate]
`);
    expect(launch.np).toBe(4);
    expect(scripts).toContain('\nsource venv/bin/activate\n');
    expect(dropped.map((line) => line.split(':')[0])).toEqual(['> log', '2>&1', '&', '-t']);
    expect(importCommand('ssh me@login.edu sbatch -p gpu job.sh').launches[0]?.cluster).toEqual({
      name: 'login.edu',
      yaml: 'login:\n  host: login.edu\n  user: me\n',
    });
  });

  it('for a cluster that is there', () => {
    const [imported] = importCommand(
      'module load cuda\ncd /data\nmpirun -np 4 -H a:4 --hostfile h python t.py',
      { cluster: 'lab' },
    ).launches;
    expect(imported?.cluster).toBeUndefined();
    expect(imported?.launch.yaml).toContain('cluster: lab\n');
    expect(imported?.launch.yaml).toContain('module load cuda\n  python t.py\n');
    expect(imported?.dropped.map((line) => line.split(': ')[0])).toEqual(['h', 'a:4', '/data']);
  });

  it('several commands: all of them, by different names', () => {
    const text = 'torchrun a.py\nmpirun -np 2 python a.py; git pull && deepspeed b.py || exit 1\n./clean.sh';
    const { launches, dropped } = importCommand(text);
    expect(launches.map(({ launch }) => launch.name)).toEqual(['a', 'a-2', 'b']);
    expect(dropped.map((line) => line.split(':')[0])).toEqual(['git pull', 'exit 1', './clean.sh']);
  });

  it('keeps a secret out of the file', () => {
    const imported = importCommand('WANDB_API_KEY=abc123def python train.py --x 1').launches[0];
    expect(imported?.launch.yaml).toContain('WANDB_API_KEY: ${secret:wandb_api_key}\n');
    expect(JSON.stringify(imported)).not.toContain('abc123def');
  });
});
