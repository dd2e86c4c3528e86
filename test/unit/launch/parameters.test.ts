import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LaunchModel } from '../../../src/config/model';
import { readConfig } from '../../../src/config/readConfig';
import { applyParameters, chosenValues } from '../../../src/launch/parameters';
import { planLaunch } from '../../../src/launch/planLaunch';
import { hostsWith, specOf } from '../../support/launchSpecs';

const launch = (change: Partial<LaunchModel>): LaunchModel => specOf([], change).launch;

/** What a function throws. */
function refusal(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const trained = launch({
  command: ['python', 'train.py', '--lr=${params.lr}', '${epochs}', '${HOME}', '$${lr}', '${x:-1}'],
  params: { lr: '0.10', epochs: '90' },
  presets: { x4: { epochs: '40', np: '4' }, slow: { lr: '0.001' } },
  env: { NOTE: 'lr ${lr}' },
});

describe('applyParameters', () => {
  it('fills in defaults as they are written and leaves other text alone', () => {
    const applied = applyParameters(trained, {});
    expect(applied.command).toEqual(['python', 'train.py', '--lr=0.10', '90', '${HOME}', '${lr}', '${x:-1}']);
    expect(applied.env).toEqual({ NOTE: 'lr 0.10' });
    expect(trained.command[2]).toBe('--lr=${params.lr}');
  });

  it('takes presets in their order, then single settings; resources change the launch', () => {
    const applied = applyParameters(
      trained,
      chosenValues(trained, ['x4', 'slow'], { epochs: '3', gpus: '0' }),
    );
    expect(applied.command.slice(2, 4)).toEqual(['--lr=0.001', '3']);
    expect(applied).toMatchObject({ np: 4, gpus: 0, params: { lr: '0.001', epochs: '3' } });
  });

  it('puts any text into exactly one argument and one variable, and never reads it again', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
      fc.constantFrom(
        '${params.epochs}',
        '$${lr}',
        '$(touch x)',
        "';touch x;'",
        '-rf',
        '$&',
        '${secret:a}',
        'a\nb',
      ),
    );
    fc.assert(
      fc.property(nasty, (value) => {
        const once = applyParameters(trained, { lr: value });
        expect(once.command[2]).toBe(`--lr=${value}`);
        expect(once.command).toHaveLength(7);
        expect(once.env.NOTE).toBe(`lr ${value}`);
        expect(applyParameters(once, {})).toEqual(once);
        const plan = planLaunch(specOf(hostsWith(1), once));
        expect(plan.processes[0]?.argv[2]).toBe(`--lr=${value}`);
        expect(plan.secrets).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('gives a command that is text its parameters as variables, and does not change it', () => {
    const text = launch({
      command: 'train --lr $lr --n ${nodes}',
      params: { lr: '1', 'batch-size': '3', seed: '7' },
      matrix: { axes: { nodes: ['2'] }, include: [], exclude: [] },
      env: { seed: '8' },
    });
    const trial = { id: 'nodes-2', repeat: 3, values: { nodes: '2' } };
    const applied = applyParameters(text, { lr: '$(x)' }, trial);
    expect(applied.command).toBe('train --lr $lr --n ${nodes}');
    expect(applied.env).toEqual({ lr: '$(x)', nodes: '2', trial: 'nodes-2', repeat: '3', seed: '8' });
    expect(applied.nodes).toBe(2);
  });

  it('fills in the trial, and the default where the matrix varies nothing', () => {
    const varied = launch({
      command: ['x', '${matrix.lr}', '${matrix.np}', '${trial}', '${repeat}'],
      params: { lr: '1' },
      np: 4,
    });
    const applied = applyParameters(varied, {}, { id: 'a', repeat: 2, values: {} });
    expect(applied.command).toEqual(['x', '1', '4', 'a', '2']);
    expect(refusal(() => applyParameters(varied, {}))).toMatchObject({ code: 'launch.needsTrial' });
  });

  it.each([
    ['launch.unknownParameter', { lx: '1' }],
    ['launch.unknownParameter', { toString: '1' }],
    ['launch.badParameter', { np: '0' }],
    ['launch.badParameter', { nodes: '1.5' }],
    ['launch.badParameter', { partition: '--exclusive' }],
    ['launch.badParameter', { lr: 'a\0b' }],
  ])('refuses with %s: %j', (code, values) => {
    expect(refusal(() => applyParameters(trained, values as Record<string, string>))).toMatchObject({
      code,
      nextStep: expect.stringMatching(/\S/) as string,
    });
  });

  it('names what there is when a preset is unknown, and refuses to contradict the matrix', () => {
    expect(refusal(() => chosenValues(trained, ['x5'], {}))).toMatchObject({
      code: 'launch.unknownPreset',
      nextStep: 'Did you mean x4? Known: x4, slow.',
    });
    expect(
      refusal(() => applyParameters(trained, { lr: '2' }, { id: 'a', repeat: 1, values: { lr: '1' } })),
    ).toMatchObject({ code: 'launch.variedParameter' });
  });

  it('keeps outputs below the workdir', () => {
    const saving = launch({ command: ['x'], outputs: ['runs/${name}/*'], params: { name: 'a' } });
    expect(applyParameters(saving, {}).outputs).toEqual(['runs/a/*']);
    expect(refusal(() => applyParameters(saving, { name: '../..' }))).toMatchObject({
      code: 'launch.badParameter',
    });
  });
});

describe('secrets', () => {
  it('are in the plan by name alone; what the launch says wins over the cluster', async () => {
    const yaml = [
      'version: 1',
      'clusters:',
      '  lab: { hosts: [a], env: { A: "${secret:a}", B: "${secret:b}", C: c, D: "$${x}" } }',
      'launches:',
      '  t: { cluster: lab, launcher: ssh, command: x, env: { B: plain, C: "${env:HOME}" } }',
    ].join('\n');
    const { clusters, launches, problems } = await readConfig(
      '/w/r.yaml',
      () => Promise.resolve(yaml),
      undefined,
    );
    expect(problems).toEqual([]);
    const [cluster] = clusters;
    const [own] = launches;
    if (cluster === undefined || own === undefined) throw new Error('incomplete');
    const plan = planLaunch({ run: 'r', launch: own, cluster, facts: undefined });
    expect(plan.secrets).toEqual([
      { variable: 'A', source: 'secret:a' },
      { variable: 'C', source: 'env:HOME' },
    ]);
    expect(plan.processes[0]?.env).toMatchObject({ B: 'plain', D: '${x}' });
    expect(Object.keys(plan.processes[0]?.env ?? {})).not.toContain('A');
    expect(Object.keys(plan.processes[0]?.env ?? {})).not.toContain('C');
  });
});
