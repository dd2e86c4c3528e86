import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSbatch } from '../../../../src/config/sbatch/checkSbatch';
import { isSignal } from '../../../../src/config/sbatch/sbatchSignal';
import type { SbatchUse } from '../../../../src/config/sbatch/sbatchUse';
import type { SiteFacts } from '../../../../src/config/sbatch/siteFacts';

const codes = (text: string, use: SbatchUse = {}): string[] =>
  checkSbatch(text, use).map(
    ({ code, severity, range }) => `${code.slice('sbatch.'.length)} ${severity} ${range.start.line + 1}`,
  );
const script = (directives: string, body = 'srun hostname'): string =>
  `#!/bin/bash\n${directives
    .split(' / ')
    .map((one) => `#SBATCH ${one}\n`)
    .join('')}${body}\n`;

/** Shapes of scripts that work, as people write them: each with a way to start its tasks that is right. */
const right: Readonly<Record<string, string>> = {
  'A launcher in Python that starts the training on all GPUs': `#!/bin/bash
#SBATCH --job-name=neox
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=8          # one task for each GPU
####SBATCH --ntasks=1
#SBATCH --gres=gpu:8
#SBATCH --output=neox_%x_%j.out      # where the output goes
#SBATCH --exclusive      # no other jobs
#SBATCH --open-mode=append

bash write_hostfile.sh
python ./deepy.py train.py configs/7b.yml
`,
  'Tasks said per node alone, a GPU for each': `#!/bin/bash
#SBATCH -C gpu
#SBATCH --ntasks-per-node=4
#SBATCH --gpus-per-task=1
#SBATCH --gpu-bind=none

srun python -u run.py
`,
  'A script that writes another one in quotes': `#!/bin/bash
#SBATCH -N 1
#SBATCH -t 10
for seed in 1 2 3; do
  echo "#!/bin/bash
#SBATCH -N 1
#SBATCH --job-name=seed$seed
srun python train.py --seed $seed" > job.sh
  sbatch job.sh
done
`,
  'Ray started by srun, one task per node': `#!/bin/bash
# shellcheck disable=SC2206
#SBATCH --job-name 16_gpus
#SBATCH -D .
#SBATCH --output=./%j.out
#SBATCH --error=./%j.err
### any number of nodes
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=160
#SBATCH --gres='gpu:4'
#SBATCH --time 48:00:00
#SBATCH --exclusive

module purge; module load gcc/8.3.0 \\
  python/3.7.4_ML ray/1.4.1
nodes=$(scontrol show hostnames "$SLURM_JOB_NODELIST")
ip=$(srun --nodes=1 --ntasks=1 -w "$node_1" hostname --ip-address)
if [[ "$ip" == *" "* ]]; then
  IFS=' ' read -ra ADDR <<< "$ip"
fi
srun --nodes=1 --ntasks=1 -w "$node_1" \\
  ray start --head --num-cpus 40 --block &
sleep 30
export PYTHONUNBUFFERED=1
python data_parallelism.py --config ./config.json
`,
  'Lightning, one task per GPU': script(
    '--nodes=8 / --ntasks-per-node=2 / --gres=gpu:2 / --time=0-02:00:00 / --signal=SIGUSR1@90 / --mail-type=begin / --mail-type=end',
    'source activate $1\nexport NCCL_DEBUG=INFO\nsrun python train.py --trainer.devices=2 --trainer.num_nodes=8',
  ),
  'torchrun, one task per node': script(
    '--nodes=4 / --ntasks-per-node=1 / --gpus-per-node=8 / --cpus-per-task=96 # all of them',
    'head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)\nsrun torchrun --nnodes 4 --nproc_per_node 8 --rdzv_endpoint $head:29500 train.py',
  ),
  'a spawn of its own processes, one task per node': script(
    '-N 2 / -n 2 / --gres=gpu:4',
    'srun python main.py --multiprocessing-distributed',
  ),
  mpirun: script(
    '-N 4 / --ntasks-per-node=16 / --mem-per-cpu=2G / -p short,long',
    'mpirun -np $SLURM_NTASKS python train.py',
  ),
  'tasks of its own size': script(
    '--ntasks=8 / --gpus-per-task=1 / --cpus-per-task=8',
    'srun python train.py',
  ),
  'an array': script(
    '--array=1-500%20 / --output=logs/%A_%a.log / -c 4 / -t 1-12',
    'python main.py $SLURM_ARRAY_TASK_ID',
  ),
  'an array by job': script('-a 0-9 / -o log.%j', 'python main.py'),
  'CPUs asked for as tasks': script('-n 8 / -N 1 / --mem=16gb / -t 90', 'python main.py'),
  'several GPUs of one program': script('--gres=gpu:4 / -c 32', 'python train.py'),
  'a script that writes others': `#!/bin/bash
for lr in 0.1 0.01; do
cat > job.sh <<EOF
#!/bin/bash
#SBATCH --time=1:00:00
python train.py
EOF
sbatch job.sh
done
`,
  'options switched off': script('--nodes=1', 'srun hostname').replace(
    '#SBATCH',
    '##SBATCH --time=x\n#SBATCH',
  ),
  'a job of two components': script('-n 1 / hetjob / -n 8', 'srun --het-group=0,1 ./run'),
  'a loop over nodes by ssh': script(
    '-N 3',
    'for n in $(scontrol show hostnames); do ssh $n "python train.py" & done; wait',
  ),
  'csh without options':
    '#!/bin/csh -f\n#SBATCH -J name\n#SBATCH--time=20:00:00\nmodule load r\nRscript x.R\n',
};

describe('scripts that work', () => {
  it.each(Object.entries(right))('%s: nothing to say', (_, text) => {
    expect(codes(text)).toEqual([]);
  });

  it('and the example of the repository', () => {
    const path = join(import.meta.dirname, '../../../../examples/launchers/train.sbatch');
    expect(codes(readFileSync(path, 'utf8'))).toEqual([]);
  });
});

describe('the file as a whole', () => {
  it.each([
    ['', 'empty error 1'],
    [' \n\n', 'empty error 1'],
    ['\uFEFF#!/bin/bash\n', 'byteOrderMark error 1'],
    ['\n#!/bin/bash\n', 'noShebang error 1'],
    ['#!/bin/bash\nls\r\n', 'crlf error 2'],
    ['#!/bin/bash\nls \0\n', 'nulCharacter error 2'],
    ['#!/bin/bash\n# SBATCH --time=5\n', 'blank hint 2'],
  ])('%j', (text, code) => {
    expect(codes(text)).toEqual([code]);
  });
});

describe('options that Slurm does not know', () => {
  it.each([
    ['--container-image=x.sqsh', 'plugInOption information 2'],
    ['--container-image x.sqsh --nodes=2', 'plugInOption information 2'],
    ['--site-thing', 'plugInOption information 2'],
    ['--workdir=x', 'unknownOption error 2'],
    ['--mpi=pmix', 'unknownOption error 2'],
    ['--kill-on-bad-exit', 'unknownOption error 2'],
    ['--ntasks-per-nod=x', 'value error 2'],
    ['--tasks-per-nodes=2', 'unknownOption error 2'],
  ])('%s', (directive, code) => {
    expect(codes(script(directive))).toEqual([code]);
  });
});

describe('lessons', () => {
  const lightning = (directives: string): string[] =>
    codes(script(directives, 'srun python train.py --strategy ddp'));

  it('wants one task per GPU for Lightning, however the numbers are said', () => {
    expect(lightning('-N 2 / --ntasks-per-node=8 / --gres=gpu:4')).toEqual(['tasksPerGpu warning 3']);
    expect(lightning('-N 2 / -n 2 / --gpus-per-node=a100:4')).toEqual(['tasksPerGpu warning 3']);
    expect(lightning('-N 2 / --gpus=8')).toEqual(['tasksPerGpu warning 3']);
    expect(lightning('-N 2 / -n 8 / --gpus=8')).toEqual([]);
    expect(lightning('-N 2 / -n 16 / --gpus-per-task=1 / --gpus=16')).toEqual([]);
    expect(lightning('-N 2 / --ntasks-per-node=8')).toEqual([]);
  });

  it('tells several tasks per GPU also where it cannot know the program, but as information', () => {
    expect(codes(script('-N 2 / --ntasks-per-node=8 / --gres=gpu:4', 'srun python train.py'))).toEqual([
      'tasksPerGpu information 3',
    ]);
    expect(codes(script('-N 2 / --ntasks-per-node=1 / --gres=gpu:4', 'srun python train.py'))).toEqual([]);
  });

  it('wants one torchrun per node', () => {
    const body = 'srun python -m torch.distributed.launch --nproc_per_node=4 -n 4 \\\n  train.py';
    expect(codes(script('-N 1 / -n 4 / --gres=gpu:4', body))).toEqual(['launcherPerTask warning 5']);
    expect(codes(script('-N 2 / --ntasks-per-node=4', 'srun -l torchrun x.py'))).toEqual([
      'launcherPerTask warning 4',
    ]);
    expect(codes(script('-N 2 / --ntasks-per-node=4', 'srun -n 2 torchrun x.py'))).toEqual([]);
    expect(codes(script('-N 2 / -n 2 / --gres=gpu:4', body))).toEqual([]);
  });

  it('heeds what the launch gives on the command line', () => {
    const text = script('-N 2 / --ntasks-per-node=8 / --gres=gpu:4', 'srun python train.py --strategy ddp');
    expect(codes(text, { given: { 'ntasks-per-node': '4' } })).toEqual([]);
    expect(codes(script('-N 1', 'python train.py'), { given: { nodes: '4' } })).toEqual([
      'missingSrun warning 3',
    ]);
  });

  it('knows which directories there are', () => {
    const text = script('--output=logs/%j.out / --error=./err/a/%x.err');
    expect(codes(text)).toEqual([]);
    expect(
      codes(text, { directories: { known: new Set(['logs', 'err/a']), where: 'on login', certain: true } }),
    ).toEqual([]);
    expect(codes(text, { directories: { known: new Set(), where: 'on login', certain: true } })).toEqual([
      'outputDirectory warning 2',
      'outputDirectory warning 3',
    ]);
    expect(
      codes(script('-o %x/%j.out / -e err.txt'), {
        directories: { known: new Set(), where: 'on login', certain: true },
      }),
    ).toEqual([]);
  });

  it('compares with the training configuration', () => {
    const training = { file: 'config.json', nodes: 4, gpus: 2 };
    expect(codes(script('-N 2 / --gres=gpu:4'), { training })).toEqual([
      'trainingNodes warning 2',
      'trainingGpus warning 3',
    ]);
    expect(codes(script('-N 4 / --gres=gpu:2'), { training })).toEqual([]);
  });
});

describe('a site', () => {
  const partition = { isUp: true, maxNodes: Infinity, cpus: 64, memory: 256_000, gres: [], features: [] };
  const site: SiteFacts = {
    version: '22.05.8',
    partitions: [
      { ...partition, name: 'gpu', isDefault: true, maxTime: 86_400, nodes: 4, gpus: 4 },
      { ...partition, name: 'long', isDefault: false, maxTime: Infinity, nodes: 2, gpus: 0 },
      { ...partition, name: 'old', isDefault: false, isUp: false, maxTime: Infinity, nodes: 2, gpus: 0 },
    ],
    accounts: ['proj42'],
    qos: ['normal', 'high'],
    features: ['a100', 'ib'],
    maxArraySize: 1001,
  };

  it.each([
    ['-p gpu -A proj42 -q high -C ib&a100 -t 1-0 -N 4 --gres=gpu:4', []],
    ['-p gpu,long -t 7-0 -N 4', []],
    ['-p cpu', ['unknownPartition warning 2']],
    ['-A proj43', ['unknownAccount warning 2']],
    ['-q urgent', ['unknownQos warning 2']],
    ['-C [v100*2|ib]', ['unknownFeature warning 2']],
    ['-t 2-0', ['timeOverLimit warning 2']],
    ['-p long -N 4', ['nodesOverLimit warning 2']],
    ['--gres=gpu:8', ['gpusOverNode warning 2']],
    ['--gpus-per-node=a100:8', ['gpusOverNode warning 2']],
    ['--mem=1T', ['memoryOverNode warning 2']],
    ['-p old', ['partitionDown warning 2']],
    ['-a 1-2000', ['arrayOverLimit warning 2']],
    ['--tres-per-task=gres/gpu:1', ['otherRelease warning 2']],
  ])('%s', (directive, expected) => {
    expect(codes(script(directive), { site })).toEqual(expected);
  });

  it('says nothing of what is not known', () => {
    expect(codes(script('-p cpu -A x -q y -C z -t 9-0 -N 99 --gres=gpu:99'), { site: {} })).toEqual([]);
  });
});

it('reads a signal with blanks without end', () => {
  expect(isSignal('TERM \t')).toBe(true);
  expect(isSignal(`TERM${'\t'.repeat(1_000_000)}x`)).toBe(false);
});
