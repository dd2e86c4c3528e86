import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkTraining } from '../../../../src/config/training/checkTraining';
import type { TrainingLaunch, TrainingUse } from '../../../../src/config/training/trainingUse';
import { compareWithCarets, readCarets } from '../carets';

const folder = join(import.meta.dirname, '../../../fixtures/config/training');

describe('training configurations', () => {
  it.each(readdirSync(folder).sort())('%s has exactly the problems under its carets', (name) => {
    const { text, expected } = readCarets(readFileSync(join(folder, name), 'utf8'));
    expect(compareWithCarets(checkTraining(text, {}), expected)).toEqual([]);
  });

  it.each([
    [
      'of the write-ups',
      '{\n "num_replicas": 4,\n "batch_size_per_replica": 2,\n "num_epochs": 20,\n "debug": false\n}',
    ],
    ['of trials', '{ "batch_size_per_replica": 2, "num_epochs": 20, "debug": false }'],
    [
      'of workers',
      '{"lr":1e-3,"epochs":20,"verbose":true,"nodes":4,"gpus":4,"batch_size":2,"num_workers":16,"use_gpu":true}',
    ],
    ['with comments', '// a\n{ /* b */ "nodes": 1, "gpus": 2, "num_workers": 2, "use_gpu": true } // c'],
    [
      'with a search space',
      '{ "lr": [0.1, 0.01], "epochs": 3, "nodes": 1, "gpus": 0, "batch_size": [8, 16] }',
    ],
    ['that lets a library choose', '{ "lr": "auto", "epochs": 3, "nodes": 1, "batch_size": "auto" }'],
    [
      'of another program',
      '{ "train_batch_size": 32, "optimizer": { "type": "Adam", "params": { "lr": "x" } } }',
    ],
    ['on processors', '{ "nodes": 2, "gpus": 0, "num_workers": 6, "use_gpu": false }'],
  ])('has nothing to say of one %s', (_, text) => {
    expect(checkTraining(text, {})).toEqual([]);
  });

  it.each([
    ['', 'training.syntax', 0, 0],
    ['// nothing\n', 'training.syntax', 0, 1],
    ['[1]', 'training.notAMapping', 0, 3],
    ['\uFEFF{}', 'training.byteOrderMark', 0, 1],
    ['{ "debug": fal', 'training.syntax', 11, 14],
    ['{ "debug": True\n}', 'training.syntax', 11, 15],
    ['{ "debug": false', 'training.syntax', 16, 16],
    ['{ "debug": "a\n}', 'training.syntax', 11, 13],
    ['{} /* a\nb', 'training.syntax', 3, 7],
  ])('finds in %j one problem, %s', (text, code, start, end) => {
    expect(checkTraining(text, {})).toMatchObject([
      { code, range: { start: { line: 0, character: start }, end: { line: 0, character: end } } },
    ]);
  });
});

describe('training configurations beside launches', () => {
  const workers = (more: object): string =>
    JSON.stringify({ lr: 0.1, nodes: 2, gpus: 4, num_workers: 8, use_gpu: true, ...more });
  const host = (name: string, more: object) => ({ name, ...more });
  const check = (text: string, ...launches: Partial<TrainingLaunch>[]): string[] => {
    const use: TrainingUse = { launches: launches.map((launch) => ({ name: 'a', ...launch })) };
    return checkTraining(text, use).map(
      ({ code, severity, range }) =>
        `${severity} ${code} ${text.slice(range.start.character, range.end.character)}`,
    );
  };

  it('knows hosts with enough GPUs, and those it knows nothing of', () => {
    const two = [host('n1', { gpus: 4 }), host('n2', { gpus: 8 })];
    expect(
      check(
        workers({}),
        { hosts: two },
        { nodes: 2, gpus: 4 },
        {},
        { hosts: [host('x', {}), host('y', {})] },
      ),
    ).toEqual([]);
  });

  it('warns of more hosts or GPUs than there are', () => {
    expect(check(workers({}), { hosts: [host('n1', { gpus: 4 })] })).toEqual([
      'warning training.tooManyNodes 2',
    ]);
    expect(check(workers({}), { hosts: [host('n1', { gpus: 4 }), host('n2', { gpus: 2 })] })).toEqual([
      'warning training.tooManyGpus 4',
    ]);
    expect(check(workers({}), { hosts: [host('n1', { slots: 2 }), host('n2', { slots: 2 })] })).toEqual([
      'warning training.tooManyGpus 4',
    ]);
    expect(check(workers({}), { nodes: 2, gpus: 2 })).toEqual(['warning training.tooManyGpus 4']);
  });

  it('does not miss a host that is too small where others are enough', () => {
    const hosts = [host('n1', { gpus: 2 }), host('n2', { gpus: 4 }), host('n3', { gpus: 4 })];
    expect(check(workers({}), { hosts })).toEqual([]);
  });

  it('asks for GPUs only where they are used', () => {
    const hosts = [host('n1', { gpus: 0 }), host('n2', { gpus: 0 })];
    expect(check(workers({}), { hosts })).toEqual(['warning training.noGpus true']);
    expect(check(workers({ use_gpu: false }), { hosts })).toEqual([]);
  });

  it.each([
    [['python', 'x.py', '-g', '2'], ['warning training.commandDiffers 4']],
    [['python', 'x.py', '--num-gpus=2'], ['warning training.commandDiffers 4']],
    [['python', 'x.py', '--nodes', '3'], ['warning training.commandDiffers 2']],
    [['python', 'x.py', '-g', '4', '--nodes=2'], []],
    [['python', 'x.py', '-g', '8'], ['information training.commandDiffers 4']],
    [['nvidia-smi', '-g', '2', ';', 'python', 'x.py'], []],
    [['python', 'x.py', '-g', undefined], []],
    [['ray', 'start', '--num-gpus=8', ';', 'python', '-m', 'x', '-g', '4'], []],
    [['ray', 'start', '--num-gpus=2'], ['warning training.commandDiffers 4']],
  ])('compares with the command %j', (words, expected) => {
    expect(check(workers({}), { words })).toEqual(expected);
  });

  it('names the launches that a finding is true for, once', () => {
    const found = checkTraining(workers({}), {
      launches: ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, nodes: name === 'c' ? 2 : 1 })),
    });
    expect(found.map(({ message }) => message)).toEqual([
      'For the launches `a`, `b`, `d`, 1 more: `nodes` is 2, but it runs on 1 host. Write `1`, or add hosts.',
    ]);
  });

  const replicas = (count: number): string =>
    JSON.stringify({ num_replicas: count, batch_size_per_replica: 2, num_epochs: 20, debug: false });

  it('compares replicas with all GPUs', () => {
    expect(check(replicas(4), { nodes: 2, gpus: 2 })).toEqual([]);
    expect(check(replicas(5), { nodes: 2, gpus: 2 })).toEqual(['warning training.tooManyReplicas 5']);
    expect(check(replicas(4), { nodes: 4, gpus: 4 })).toEqual(['information training.idleGpus 4']);
    expect(check(replicas(4), { nodes: 4, gpus: 4 }, { nodes: 1, gpus: 4 })).toEqual([]);
    expect(check('{ "batch_size_per_replica": 2 }', { nodes: 4, gpus: 4 })).toEqual([]);
  });
});
