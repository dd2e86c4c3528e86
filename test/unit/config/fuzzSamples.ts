import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileKind } from '../../../src/config/checkFile';
import { readCarets } from './carets';

const root = join(import.meta.dirname, '../../..');

/** Fixtures of a folder, without their carets. */
function fixtures(folder: string): string[] {
  const path = join(root, 'test/fixtures/config', folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).map((name) => readCarets(readFileSync(join(path, name), 'utf8')).text);
}

/** Pieces of at most so many lines: small files are read fast, so that many can be. */
function pieces(texts: readonly string[], lines: number): string[] {
  return texts.flatMap((text) => {
    const all = text.split(/(?<=\n)/);
    const count = Math.ceil(all.length / lines);
    return Array.from({ length: count }, (_, index) =>
      all.slice(index * lines, (index + 1) * lines).join(''),
    );
  });
}

const hostfiles = [
  'node1 slots=4\nnode2 slots=4\n',
  '10.0.0.5:4\nubuntu@gpu-2.example.org slots=8 max_slots=8 # second\n',
  'node[1-4] slots = 2\r\n',
];

const scripts = [
  "#!/bin/bash\n#SBATCH --job-name 16_gpus\n#SBATCH -D .\n#SBATCH --output=./%j.out\n#SBATCH --nodes=4\n#SBATCH --ntasks-per-node=1\n#SBATCH --gres='gpu:4'\n#SBATCH --time 48:00:00\n\nmodule purge\nsrun python train.py\n",
  '#!/bin/sh\n#SBATCH -N2 -n 8 -t 1-12\n#SBATCH --array=0-15:3%4 --mem=10G\n#SBATCH -o "out/%A_%a.log" # log\npython x.py\n',
  '#!/bin/bash\n#SBATCH --nodelist=n[1-4,7],m01 --dependency=afterok:1:2,singleton --begin=now+1hour --signal=B:USR1@60\n#SLURM -p x\n',
  '#!/bin/bash\n#PBS -l nodes=2:ppn=4\n#BSUB -n 4\necho\n#SBATCH --late\n',
];

const configs = [
  'version: 1\nclusters: { a: { hosts: [n1, { host: n2, slots: 2 }], gpus: 2 } }\nlaunches:\n  b: { cluster: a, launcher: mpirun, command: x, np: 2 }\n',
  'version: 1\nclusters:\n  a: &a\n    hosts:\n      - u@n1:22\n    env: { A: 1.10, T: "${secret:x}" }\n  b:\n    <<: *a\n',
  'launches:\n  t:\n    cluster: practice\n    launcher: ssh\n    command: [python, x.py, "${params.lr}", "${matrix.n}"]\n    params: { lr: 0.1 }\n    matrix: { n: [1, 2] }\n',
  'clusters:\n  s: { login: me@l, slurm: { time: "1:00" } }\nlaunches:\n  c:\n    slurm: { script: a.sbatch }\n    command: |\n      a\n      b\n',
];

const trainings = [
  '{\n  "num_replicas": 4,\n  "batch_size_per_replica": 2,\n  "num_epochs": 20,\n  "debug": false\n}\n',
  '{ "lr": 1e-3, "epochs": 3, "nodes": 2, "gpus": 4, "batch_size": [8, 16], "num_workers": 8, "use_gpu": true }',
  '// a\n{ /* b */ "lr": "0.1", "x": { "y": [1, { "z": null }], }, }\n',
];

/** Small files, right and wrong, to be damaged. */
export function fuzzSamples(kind: FileKind): string[] {
  switch (kind) {
    case 'hostfile':
      return [
        ...hostfiles,
        ...pieces([...fixtures('mpirun'), ...fixtures('ssh'), ...fixtures('hostfile')], 3),
      ];
    case 'sbatch':
      return [...scripts, ...pieces(fixtures('sbatch'), 8)];
    case 'training':
      return [...trainings, ...pieces(fixtures('training'), 8)];
    case 'rankwise':
      return [...configs, ...pieces(fixtures('yaml'), 6)];
  }
}

/** Words of each format. */
export const fuzzWords: Readonly<Record<FileKind, readonly string[]>> = {
  hostfile: [
    ' slots=4',
    ' max_slots=2',
    'slots',
    ' port=22',
    'cpu=',
    'user@',
    '10.0.0.1',
    'fe80::1',
    'localhost',
    '_',
  ],
  sbatch: [
    '#SBATCH ',
    '#SBATCH',
    '#PBS',
    '--nodes=',
    '-N',
    ' -t 1:',
    '--gres=gpu:',
    '--array=',
    '0-9',
    '%j',
    'srun ',
    '$HOME',
    '<<EOF\n',
  ],
  training: ['"lr": ', '"num_workers": ', 'true', 'null', 'True', '"auto"', '1.0', '\\u12'],
  rankwise: [
    '- ',
    '? ',
    ': ',
    '&a ',
    '*a',
    '<<: *a',
    '---\n',
    '%YAML 1.1\n',
    '!!set ',
    '${',
    'launches:\n',
    'hosts: ',
    '|\n',
    '>-\n',
    '.inf',
  ],
};
