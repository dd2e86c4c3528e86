import { describe, expect, it } from 'vitest';
import { importCommand } from '../../../src/imports/importCommand';
import { expectWords, plan, plannedImport } from './plannedImport';

// The commands of the five write-ups: what each says, its launch says too.
describe('import of the commands of the write-ups', () => {
  const horovod = (np: string): string => `conda activate derm-ai
cd ~/src/derm-ai
mpirun -np ${np} -hostfile ~/src/derm-ai/hosts -mca plm_rsh_no_tree_spawn 1 \\
	-bind-to socket -map-by slot \\
	-x HOROVOD_HIERARCHICAL_ALLREDUCE=1 -x HOROVOD_FUSION_THRESHOLD=16777216 \\
	-x NCCL_MIN_NRINGS=4 -x LD_LIBRARY_PATH -x PATH -mca pml ob1 -mca btl ^openib \\
	-x NCCL_SOCKET_IFNAME=ens3 -mca btl_tcp_if_exclude lo,docker0 \\
	-x TF_CPP_MIN_LOG_LEVEL=0 \\
	python -W ignore ~/src/derm-ai/DermAI_train_horovod.py`;

  it.each(['16', '<total # GPUs>'])('Horovod by mpirun -np %s', async (np) => {
    const { launch, argv, scripts, dropped, plan: planned, yaml } = await plan(horovod(np));
    for (const words of [
      ['-mca', 'plm_rsh_no_tree_spawn', '1'],
      ['-bind-to', 'socket'],
      ['-map-by', 'slot'],
      ['-mca', 'pml', 'ob1'],
      ['-mca', 'btl', '^openib'],
      ['-mca', 'btl_tcp_if_exclude', 'lo,docker0'],
      ['-x', 'LD_LIBRARY_PATH'],
      ['-x', 'PATH'],
      ['-x', 'NCCL_SOCKET_IFNAME'],
    ]) {
      expectWords(argv, ...words);
    }
    expect(launch).toMatchObject({
      name: 'DermAI_train_horovod',
      launcher: 'mpirun',
      command: 'python -W ignore ~/src/derm-ai/DermAI_train_horovod.py',
      env: {
        HOROVOD_HIERARCHICAL_ALLREDUCE: '1',
        HOROVOD_FUSION_THRESHOLD: '16777216',
        NCCL_MIN_NRINGS: '4',
        NCCL_SOCKET_IFNAME: 'ens3',
        TF_CPP_MIN_LOG_LEVEL: '0',
      },
    });
    expect(scripts).toContain('\npython -W ignore ~/src/derm-ai/DermAI_train_horovod.py\n');
    expect(scripts).toContain('\nconda activate derm-ai\n');
    expect(planned.workdir).toBe('~/src/derm-ai');
    expect(yaml).toContain('hosts: ~/src/derm-ai/hosts\n');
    if (np === '16') {
      expectWords(argv, '-np', '16');
      expect(dropped).toEqual([]);
    } else expect(dropped).toEqual(['-np <total # GPUs>: it is for you to fill in']);
  });

  it('Horovod by its script', async () => {
    const { launch, yaml } = await plan(
      'conda activate derm-ai\ncd ~/src/derm-ai\n./train.sh <# GPUs to use>\n',
    );
    expect(launch).toMatchObject({ launcher: 'ssh', command: ['./train.sh', '<# GPUs to use>'], nodes: 1 });
    expect(yaml).toContain('# Fill in <# GPUs to use> in the command.\n');
  });

  it.each([
    ['ray start --head --num-cpus=20 --num-gpus=2', 'python multiexperiment.py -g 2'],
    ['ray start --head --num-cpus=20 --num-gpus=2', 'python exp_parallel.py --config ./config.json'],
    [
      'ray start --head --num-cpus=NUM_CPUS --num-gpus=NUM_GPUS',
      'python exp_parallel.py --config ./config.json',
    ],
  ])('Ray by %s and %s', async (start, driver) => {
    const text = `foo@bar:~$ ${start}\nfoo@bar:~$ ${driver}\nfoo@bar:~$ ray stop\n`;
    const { launch, plan: planned, dropped, argv } = await plan(text);
    const head = planned.processes.find(({ id }) => id === 'ray-head')?.argv ?? [];
    expect(launch.launcher).toBe('ray');
    expect(argv).toEqual(driver.split(' '));
    if (start.endsWith('=2')) {
      expect(head).toEqual(expect.arrayContaining(['--num-cpus=20', '--num-gpus=2', '--head']));
      expect(dropped).toEqual(['--head: Rankwise starts Ray on every host, the head first']);
    } else expect(dropped.join()).toMatch(/NUM_CPUS.*NUM_GPUS/);
    expect(importCommand(text).dropped.at(-1)).toMatch(/^ray stop: /);
  });

  it('Ray in a job script, which is kept to the byte', async () => {
    const script = `#!/bin/bash
# shellcheck disable=SC2206
#SBATCH --job-name 16_gpus
#SBATCH -D .
#SBATCH --output=./%j.out
#SBATCH --error=./%j.err
### This script works for any number of nodes, Ray will find and manage all resources
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=160
#SBATCH --gres='gpu:4'
#SBATCH --time 48:00:00
#SBATCH --exclusive
module purge; module load gcc/8.3.0 cuda/10.2
nodes=$(scontrol show hostnames "$SLURM_JOB_NODELIST")
srun --nodes=1 --ntasks=1 -w "$node_1" \\
  ray start --head --num-cpus 40 --node-ip-address="$ip" --port=$port --redis-password="$redis_password" --block &
sleep 30
export PYTHONUNBUFFERED=1
python data_parallelism.py --config ./config.json
`;
    const { launches } = importCommand(script);
    expect(launches[0]?.file).toEqual({ path: '16_gpus.sbatch', text: script });
    const { launch, plan: planned } = await plannedImport(launches[0]!);
    expect(launch).toMatchObject({ name: '16_gpus', launcher: 'slurm', slurm: { script: '16_gpus.sbatch' } });
    expect(planned.files.find(({ path }) => path.endsWith('job.sbatch'))?.content).toBe(script);
  });

  it.each([
    'python launch_nv.py --name test --num-tasks 1 --spot',
    'python launch_nv.py --name 4gpu_distributed --num-tasks 4 --spot --attach-volume imagenet_high_perf --params x4_args --ami-name=$ami',
  ])('ImageNet by %s', async (command) => {
    const text = `export REPOROOT=<git_repo_root/cluster>\ncd \${REPOROOT}/pytorch\n${command}\n`;
    const { launch, scripts, plan: planned } = await plan(text);
    expect(launch).toMatchObject({ launcher: 'ssh', env: { REPOROOT: '<git_repo_root/cluster>' } });
    expect(planned.processes).toHaveLength(1);
    expect(scripts).toContain('\ncd ${REPOROOT}/pytorch\n');
    expect(scripts.replace(/^exec /m, '')).toContain(`\n${command}\n`);
  });

  const names = 'node1\nnode2\nnode3\nnode4\n';
  const mxnet = `cd $EFS_MOUNT/deeplearning-cfn/examples/mxnet/example/image-classification/
../../tools/launch.py -n $DEEPLEARNING_WORKERS_COUNT -H $DEEPLEARNING_WORKERS_PATH \\
`;
  it.each([
    [
      mxnet,
      'python train_cifar10.py --gpus $(seq -s , 0 1 $(($DEEPLEARNING_WORKER_GPU_COUNT - 1))) --network resnet --num-layers 50 --kv-store dist_device_sync --num-epoch 2',
    ],
    [
      mxnet,
      'python train_cifar10.py  --network resnet --num-layers 8 --kv-store dist_device_sync --num-epoch 2',
    ],
    [
      'ubuntu@ip-10-0-0-219:/myEFSvolume/image-classification$ ../../tools/launch.py -n $DEEPLEARNING_WORKERS_COUNT -H $DEEPLEARNING_WORKERS_PATH ',
      'python train_cifar10.py  --network resnet --num-layers 8 --kv-store dist_device_sync --num-epoch 1 --model-prefix /myEFSvolume/model-output',
    ],
  ])('MXNet by launch.py, %#', async (start, program) => {
    const command = program.replaceAll(/ +/g, ' ');
    const { launch, argv, dropped } = await plan(start + program, names);
    expect(launch).toMatchObject({
      launcher: 'mxnet',
      command: command.includes('$') ? command : command.split(' '),
      mxnet: { launchPy: '../../tools/launch.py', tracker: 'ssh' },
    });
    expectWords(argv, 'python', '../../tools/launch.py');
    expect(dropped).toEqual([
      '-n $DEEPLEARNING_WORKERS_COUNT: only the shell that it was typed into knows the value',
      '-H $DEEPLEARNING_WORKERS_PATH: only the shell that it was typed into knows the value',
    ]);
  });

  it('MXNet with numbers', async () => {
    const text =
      'python ../../tools/launch.py -n 4 -s 2 -H hosts --launcher ssh --sync-dst-dir /tmp/mxnet python train_cifar10.py --network resnet';
    const { argv, launch, dropped } = await plan(text, names);
    for (const words of [
      ['-n', '4'],
      ['-s', '2'],
      ['--launcher', 'ssh'],
      ['--sync-dst-dir', '/tmp/mxnet'],
    ]) {
      expectWords(argv, ...words);
    }
    expect(launch.command).toEqual(['python', 'train_cifar10.py', '--network', 'resnet']);
    expect(dropped).toEqual([]);
  });

  it('takes what is no training for what it is', () => {
    for (const text of [
      'scp -i /path/to/yourkey.pem /path/to/yourkey.pem ubuntu@lead.instance.public.IP:~/.ssh',
      'git clone https://github.com/diux-dev/cluster.git\ncd cluster\nconda env update\nsource activate gpubox',
      'mv ~/.ssh/yourkey.pem ~/.ssh/id_rsa\nchmod 400 ~/.ssh/id_rsa\nfunction runclust(){ while read -u 10 host; do host=${host%% slots*}; scp -i ~/.ssh/id_rsa ~/.ssh/id_rsa ubuntu@$host:~/.ssh && ssh $host chmod 400 ~/.ssh/id_rsa; done 10<$1; };\nrunclust hosts',
      'while read -u 10 host; do ssh -o "StrictHostKeyChecking no" $host "pkill -f python" ; \\\ndone 10<$DEEPLEARNING_WORKERS_PATH',
      '$ ./launch.py -h',
      'python exp_parallel.py --help',
      'ray stop',
      'ray start --head --num-cpus=20 --num-gpus=2',
      'export PATH=${PATH}:${REPOROOT}\nconnect test\n# press "CTRL+b d" to disconnect',
      '$ ssh-add -K <private key file name>',
    ]) {
      const { launches, dropped } = importCommand(text);
      expect(launches, text).toEqual([]);
      expect(dropped.length, text).toBeGreaterThan(0);
    }
  });
});
