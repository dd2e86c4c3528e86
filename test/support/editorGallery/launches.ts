import { checkTraining } from '../../../src/config/training/checkTraining';
import type { FormState } from '../../../src/protocol/launches';
import { launchFormState } from '../../../src/vscode/editors/launchForm';
import { trainingFormState } from '../../../src/vscode/editors/launchTrainingForm';

const usual = `version: 1
clusters:
  lab:
    hosts: hosts
    env: { NCCL_DEBUG: INFO, OMP_NUM_THREADS: 1 }
    setup:
      - module load cuda
      - conda activate train
  uni: { login: me@login.example.edu, slurm: { partition: gpu } }
launches:
  resnet50-4x2:
    cluster: lab
    launcher: mpirun
    command: |
      cd ~/src
      python train.py --epochs 10 --lr $lr
    np: 0 # all
    gpus: two
    params: { lr: 0.1, epochs: 90 }
    mpirun: { bindTo: none, mca: { pml: ob1, btl: ^openib } }
    matrix: { nodes: [2, 8] }
    bogus: 1
  defaults: &defaults
    cluster: labb
    launcher: ssh
    command: [python, train.py]
  child:
    <<: *defaults
    np: 4
`;
const names = Array.from({ length: 40 }, (_, index) => `train-with-a-long-name-${index}`);
const many = `version: 1\nlaunches:\n${names
  .map(
    (name) => `  ${name}:\n    cluster: practice\n    launcher: ssh\n    command: python t.py\n    np: 2\n`,
  )
  .join('')}`;
const training = `{
  // tried by hand
  "lr": 0.001, "epochs": 20,
  "nodes": 2, "gpus": 4, "batch_size": 16, "num_workers": 7, "use_gpu": true
}
`;

const formOf = (text: string): FormState => trainingFormState(text, checkTraining(text, {}));

/** Every state of the launch editor and the training editor, by name. */
export const states: Readonly<Record<string, () => Promise<FormState>>> = {
  usual: () => Promise.resolve(launchFormState(usual, undefined, [])),
  shared: () => Promise.resolve(launchFormState(usual, { section: 'launches', name: 'defaults' }, [])),
  merged: () => Promise.resolve(launchFormState(usual, { section: 'launches', name: 'child' }, [])),
  cluster: () => Promise.resolve(launchFormState(usual, { section: 'clusters', name: 'lab' }, [])),
  many: () =>
    Promise.resolve(launchFormState(many, { section: 'launches', name: 'train-with-a-long-name-30' }, [])),
  empty: () => Promise.resolve(launchFormState('# nothing yet\n', undefined, [])),
  broken: () => Promise.resolve(launchFormState('version: 1\nlaunches:\n  a: [1\n', undefined, [])),
  training: () => Promise.resolve(formOf(training)),
  trainingBroken: () => Promise.resolve(formOf('{ "lr": }\n')),
};
