import { describe, expect, it } from 'vitest';
import { checkSbatch } from '../../../src/config/sbatch/checkSbatch';
import type { SiteFacts } from '../../../src/config/sbatch/siteFacts';
import { applyEdits } from '../../../src/language/applyEdits';
import { sbatchLanguage, type SbatchContext } from '../../../src/language/sbatchLanguage';
import type { Completion } from '../../../src/language/types';

const site: SiteFacts = {
  version: '22.05.8',
  partitions: [
    {
      name: 'gpu',
      isDefault: true,
      isUp: true,
      maxTime: 172_800,
      nodes: 8,
      maxNodes: 4,
      cpus: 64,
      memory: 256_000,
      gpus: 4,
      gres: ['gpu:a100:4'],
      features: ['ib'],
    },
    {
      name: 'long',
      isDefault: false,
      isUp: true,
      maxTime: Infinity,
      nodes: 2,
      maxNodes: Infinity,
      cpus: 64,
      memory: 256_000,
      gpus: 0,
      gres: [],
      features: [],
    },
  ],
  accounts: ['proj42'],
  qos: ['normal'],
  features: ['ib', 'a100'],
  maxArraySize: 1001,
};

/** Completions at the `^` of a text. */
function complete(
  marked: string,
  context: SbatchContext = { site },
): { text: string; offset: number; list: Completion[] } {
  const offset = marked.indexOf('^');
  const text = marked.replace('^', '');
  return { text, offset, list: sbatchLanguage.completions(text, offset, context) };
}
const labels = (marked: string): string[] => complete(marked).list.map(({ label }) => label);
function accept(marked: string, label: string): string {
  const { text, list } = complete(marked);
  const found = list.find((one) => one.label === label);
  if (found === undefined)
    throw new Error(`no completion ${label} in ${list.map((one) => one.label).join()}`);
  return applyEdits(text, [{ start: found.start, end: found.end, text: found.insert }]);
}
const head = '#!/bin/bash\n';

describe('completion', () => {
  it('offers #SBATCH above the first command alone', () => {
    expect(accept(`${head}#S^`, '#SBATCH')).toBe(`${head}#SBATCH --`);
    expect(labels(`${head}^`)).toEqual(['#SBATCH']);
    expect(labels(`${head}srun x\n#S^`)).toEqual([]);
    expect(labels('#^')).toEqual([]);
  });

  it('offers every option after #SBATCH, each as sbatch wants it', () => {
    expect(labels(`${head}#SBATCH ^`).length).toBeGreaterThan(85);
    expect(accept(`${head}#SBATCH --no^`, '--nodes')).toBe(`${head}#SBATCH --nodes=\${1}`);
    expect(accept(`${head}#SBATCH --r^`, '--requeue')).toBe(`${head}#SBATCH --requeue`);
    expect(accept(`${head}#SBATCH --no^=2`, '--nodes')).toBe(`${head}#SBATCH --nodes=2`);
    expect(accept(`${head}#SBATCH^`, '--nodes')).toBe(`${head}#SBATCH --nodes=\${1}`);
    expect(labels(`${head}#SBATCH --nodes=2 # --^`)).toEqual([]);
  });

  it('offers values by their kind, also of the site', () => {
    expect(labels(`${head}#SBATCH --partition=^`)).toEqual(['gpu', 'long']);
    expect(accept(`${head}#SBATCH -p gpu,l^`, 'long')).toBe(`${head}#SBATCH -p gpu,long`);
    expect(accept(`${head}#SBATCH -p ^`, 'gpu')).toBe(`${head}#SBATCH -p gpu`);
    expect(accept(`${head}#SBATCH --gres=^`, 'gpu:a100:4')).toBe(`${head}#SBATCH --gres=gpu:a100:4`);
    expect(accept(`${head}#SBATCH --mail-type=END,F^`, 'FAIL')).toBe(`${head}#SBATCH --mail-type=END,FAIL`);
    expect(labels(`${head}#SBATCH --open-mode=^`)).toEqual(['append', 'truncate']);
    expect(accept(`${head}#SBATCH --output=log-%^`, '%j')).toBe(`${head}#SBATCH --output=log-%j`);
    expect(complete(`${head}#SBATCH --time=^`).list[0]).toMatchObject({
      label: '00:30:00',
      detail: '30 minutes',
    });
    expect(labels(`${head}#SBATCH --constraint=ib&^`)).toEqual(['ib', 'a100']);
  });

  it('offers only values that sbatch takes', () => {
    for (const option of [
      'mail-type',
      'open-mode',
      'hint',
      'distribution',
      'time',
      'signal',
      'gpu-bind',
      'gpu-freq',
      'cpu-freq',
      'mem-bind',
      'profile',
      'propagate',
      'exclusive',
      'kill-on-invalid-dep',
      'begin',
      'gres-flags',
      'no-kill',
      'wait-all-nodes',
    ]) {
      const { list, text } = complete(`${head}#SBATCH --${option}=^`);
      expect(list.length, option).toBeGreaterThan(0);
      for (const { label } of list) {
        const problems = checkSbatch(`${text}${label}${option === 'distribution' ? ' -w node1' : ''}\n`);
        expect(
          problems.filter(({ severity }) => severity === 'error'),
          `${option}=${label}`,
        ).toEqual([]);
      }
    }
  });
});

describe('hover', () => {
  const hover = (marked: string, context: SbatchContext = { site }): string | undefined =>
    sbatchLanguage.hover(marked.replace('^', ''), marked.indexOf('^'), context)?.markdown;

  it.each([
    ['#SBATCH -t 2-1^2', '2 days 12 hours'],
    ['#SBATCH --time=00:^30', '30 seconds'],
    ['#SBATCH --mem=6^4G', '65536 megabytes'],
    ['#SBATCH --array=0-1^5%4', '16 jobs'],
    ['#SBATCH --par^tition=gpu', 'gpu: 8 nodes, 4 GPUs each, up to 2 days'],
    ['#SBATCH --output=%x-%^j.out', '`%j` number of the job'],
    ['#SBATCH -N 2 --ntasks-per-node=^4', 'In all: 8 tasks'],
    ['#SBATCH --ntasks-per-no^=4', '**--ntasks-per-node**'],
    ['#SBATCH --tres-per-^task=x', 'since Slurm 23.02'],
  ])('%s says %s', (line, words) => {
    expect(hover(`${head}${line}\nsrun x\n`)).toContain(words);
  });

  it('says nothing outside of directives, and what the launch gives', () => {
    expect(hover(`${head}sr^un --time=5 x\n`)).toBeUndefined();
    expect(hover(`${head}#SBATCH --no^des=2\n`, { given: { nodes: '4' } })).toContain('--nodes=4');
  });
});

describe('symbols and hints', () => {
  const text = `${head}#SBATCH -N 2 --gres=gpu:4\n#SBATCH --ntasks-per-node=4\n#SBATCH --array=0-3\nsrun python x.py\n`;

  it('lists the options with their values', () => {
    const symbols = sbatchLanguage.symbols(text);
    expect(symbols.map(({ name, detail }) => `${name} ${detail ?? ''}`)).toEqual([
      '--nodes 2',
      '--gres gpu:4',
      '--ntasks-per-node 4',
      '--array 0-3',
    ]);
    for (const { start, end, nameStart, nameEnd } of symbols) {
      expect(start <= nameStart && nameStart < nameEnd && nameEnd <= end).toBe(true);
    }
  });

  it('shows what options come to', () => {
    const hints = sbatchLanguage.inlayHints?.(text, {}) ?? [];
    expect(
      hints.map((hint) => [text.slice(text.lastIndexOf('-', hint.offset), hint.offset), hint.text]),
    ).toEqual([
      ['-node=4', '= 8 tasks'],
      ['-gres=gpu:4', '= 8 GPUs'],
      ['-3', '= 4 jobs'],
    ]);
  });
});

describe('fixes', () => {
  /** The text after the preferred fix of the first problem with a code. */
  function fixed(text: string, code: string, context: SbatchContext = {}): string {
    const problem = checkSbatch(text, context).find((one) => one.code === `sbatch.${code}`);
    if (problem === undefined) throw new Error(`no ${code} in ${JSON.stringify(checkSbatch(text, context))}`);
    const fixes = sbatchLanguage.fixes(text, problem, context);
    return applyEdits(text, (fixes.find(({ preferred }) => preferred === true) ?? fixes[0])?.edits ?? []);
  }
  const line = (directive: string): string => `${head}${directive}\nsrun x\n`;

  it.each([
    ['value', '#SBATCH --time=24h', '#SBATCH --time=24:00:00'],
    ['value', '#SBATCH -t 2d', '#SBATCH -t 2-00:00:00'],
    ['value', '#SBATCH --mem=1.5G', '#SBATCH --mem=1536M'],
    ['value', "#SBATCH --mem='64Gi'", "#SBATCH --mem='64G'"],
    ['singleDash', '#SBATCH -ntasks=1', '#SBATCH --ntasks=1'],
    ['singleDash', '#SBATCH -output=x', '#SBATCH --output=x'],
    ['singleDash', '#SBATCH -job-name=x', '#SBATCH --job-name=x'],
    ['shortEquals', '#SBATCH -N=2', '#SBATCH -N 2'],
    ['shortEquals', '#SBATCH -J=foo', '#SBATCH -J foo'],
    ['unknownOption', '#SBATCH --ntasks_per_node=2', '#SBATCH --ntasks-per-node=2'],
    ['unknownOption', '#SBATCH --partion=gpu', '#SBATCH --partition=gpu'],
    ['ambiguous', '#SBATCH --mail=END', '#SBATCH --mail-type=END'],
    ['takesNoValue', '#SBATCH --requeue=1', '#SBATCH --requeue'],
    ['word', '#SBATCH \u2013\u2013nodes=2', '#SBATCH --nodes=2'],
    ['slurmMark', '#SLURM --nodes=2', '#SBATCH --nodes=2'],
    ['misspelt', '#sbatch --nodes=2', '#SBATCH --nodes=2'],
    ['indented', '  #SBATCH --nodes=2', '#SBATCH --nodes=2'],
    ['cutByComment', '#SBATCH --nodes=2#two', '#SBATCH --nodes=2 #two'],
    ['shortTime', '#SBATCH --time=00:30', '#SBATCH --time=00:30:00'],
    ['gresCount', '#SBATCH --gres=gpu', '#SBATCH --gres=gpu:1'],
    ['gresForm', '#SBATCH --gres=gpu=2', '#SBATCH --gres=gpu:2'],
    ['ignoredWord', '#SBATCH --mail-type="END, FAIL"', '#SBATCH --mail-type="END,FAIL"'],
    ['duplicate', '#SBATCH --nodes=1\n#SBATCH --nodes=2', '#SBATCH --nodes=2'],
    [
      'taskProduct',
      '#SBATCH -N 2 --ntasks-per-node=4\n#SBATCH --ntasks=4',
      '#SBATCH -N 2 --ntasks-per-node=4',
    ],
    ['arrayOutput', '#SBATCH --array=0-3 -o log.txt', '#SBATCH --array=0-3 -o log_%a.txt'],
  ])('%s: %s', (code, before, after) => {
    expect(fixed(line(before), code)).toBe(line(after));
  });

  it('mends what is wrong with the whole file', () => {
    expect(fixed('#SBATCH -N 2\n', 'noShebang')).toBe('#!/bin/bash\n#SBATCH -N 2\n');
    expect(fixed('\n#!/bin/sh\nx\n', 'noShebang')).toBe('#!/bin/sh\nx\n');
    expect(fixed('\uFEFF#!/bin/sh\nx\n', 'byteOrderMark')).toBe('#!/bin/sh\nx\n');
    expect(fixed('#!/bin/sh\r\nx\r\n', 'crlf')).toBe('#!/bin/sh\nx\n');
    expect(fixed(`${head}#SBATCH -N 2\nls\n#SBATCH -t 5\nsrun x\n`, 'late')).toBe(
      `${head}#SBATCH -N 2\n#SBATCH -t 5\nls\nsrun x\n`,
    );
    expect(fixed(`${head}#SBATCH -N 2\n#PBS -N x\n`, 'foreignToo')).toBe(
      `${head}#SBATCH --ignore-pbs\n#SBATCH -N 2\n#PBS -N x\n`,
    );
  });

  it('mends lessons', () => {
    const lightning = `${head}#SBATCH -N 2 --gres=gpu:4\n#SBATCH --ntasks-per-node=1\nsrun python train.py --trainer.devices=4\n`;
    expect(fixed(lightning, 'tasksPerGpu')).toBe(lightning.replace('node=1', 'node=4'));
    const alone = `${head}#SBATCH -N 2\npython train.py\n`;
    expect(fixed(alone, 'missingSrun')).toBe(alone.replace('python', 'srun python'));
  });

  it('takes the nearest name of the site', () => {
    expect(fixed(line('#SBATCH -p gpus'), 'unknownPartition', { site })).toBe(line('#SBATCH -p gpu'));
  });
});
