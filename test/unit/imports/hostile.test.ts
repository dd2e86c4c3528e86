import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referencesIn } from '../../../src/config/references';
import { parseRankwise } from '../../../src/config/parseRankwise';
import { importCommand, longestImport } from '../../../src/imports/importCommand';
import { importedInto } from '../../../src/imports/importedInto';
import { applyEdits } from '../../../src/language/applyEdits';

/** A text and the marks in it: each stands in one place alone, so that it is seen where it ends up. */
interface Marked {
  text: string;
  marks: string[];
}

let count = 0;
const marked = (make: (mark: string) => string): fc.Arbitrary<Marked> =>
  fc.constant(0).map(() => {
    const mark = `w${++count}w`;
    return { text: make(mark), marks: [mark] };
  });
const join = (parts: readonly Marked[], by = ' '): Marked => ({
  text: parts.map(({ text }) => text).join(by),
  marks: parts.flatMap(({ marks }) => marks),
});
const fixed = (...texts: string[]): fc.Arbitrary<Marked> =>
  fc.constantFrom(...texts).map((text) => ({ text, marks: [] }));

const word = fc.oneof(
  marked((mark) => mark),
  marked((mark) => `'a ${mark}'`),
  marked((mark) => `"$${mark}"`),
  marked((mark) => `$(touch ${mark})`),
  marked((mark) => `\`touch ${mark}\``),
  marked((mark) => `--${mark}=1`),
  marked((mark) => `<the ${mark}>`),
  marked((mark) => `~/${mark}`),
  marked((mark) => `${mark}*`),
  marked((mark) => `{${mark},b}`),
  marked((mark) => `\${${mark}}`),
  marked((mark) => `é\\ ${mark}`),
  marked((mark) => `\\\n  ${mark}`),
);
const around = fc.oneof(
  marked((mark) => `> ${mark}`),
  marked((mark) => `2>&1 | tee ${mark}`),
  marked((mark) => `; rm -rf ${mark}`),
  marked((mark) => `&& ${mark}`),
  marked((mark) => `& ${mark}`),
  marked((mark) => `\nfor i in ${mark}; do mpirun $i; done`),
  marked((mark) => `<<EOF\n${mark}\nEOF`),
  marked((mark) => `|| echo "${mark}"`),
  fixed('', '&', ';'),
);
const before = fc.oneof(
  marked((mark) => `A_${mark}=1`),
  marked((mark) => `B=$${mark}`),
  marked((mark) => `cd /${mark};`),
  marked((mark) => `cd "$${mark}" &&`),
  marked((mark) => `export C=${mark}\n`),
  marked((mark) => `source ${mark}/bin/activate &&`),
  marked((mark) => `git clone ${mark};`),
  fixed('', 'nohup', 'time', 'env'),
);
const option = (...names: string[]): fc.Arbitrary<Marked> =>
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(' ', '='), word)
    .map(([name, by, { text, marks }]) => ({ text: `${name}${by}${text}`, marks }));
const launcher = (name: string, ...options: string[]): fc.Arbitrary<Marked> =>
  fc
    .tuple(fc.array(option(...options), { maxLength: 5 }), fc.array(word, { maxLength: 4 }))
    .map(([given, args]) =>
      join([{ text: name, marks: [] }, ...given, { text: 'python train.py', marks: [] }, ...args]),
    );
const command = fc.oneof(
  launcher(
    'mpirun',
    '-np',
    '-x',
    '-H',
    '-hostfile',
    '--map-by',
    '-bind-to',
    '--mca a',
    '--unknown',
    '--wdir',
    '-rf',
  ),
  launcher('horovodrun', '-np', '-H', '--hostfile', '--network-interface', '--log-level', '--unknown'),
  launcher('torchrun', '--nnodes', '--nproc_per_node', '--rdzv_id', '--master_addr', '--role', '--tee'),
  launcher('python -m torch.distributed.launch', '--nnodes', '--node_rank', '--master_port'),
  launcher('deepspeed', '--hostfile', '--include', '--num_gpus', '--launcher_args', '--module'),
  launcher('accelerate launch', '--num_processes', '--config_file', '--main_process_ip', '--mixed_precision'),
  launcher('python tools/launch.py -n 2', '-s', '-H', '--launcher', '--env', '--sync-dst-dir'),
  launcher('ray job submit', '--address', '--working-dir', '--runtime-env-json'),
  launcher(
    'sbatch',
    '-N',
    '--gres',
    '--time',
    '-J',
    '--wrap',
    '--mem',
    '-o',
    '--unknown',
    '-p',
    '--nodelist',
  ),
  launcher('srun', '-N', '-n', '--mpi', '--partition', '-w'),
  launcher('ray start --head\n', '--x'),
  launcher('', '--x'),
);

describe('import of whatever is pasted', () => {
  it('keeps every word in a launch or names it as dropped', () => {
    let launched = 0;
    const pasted = fc
      .tuple(fc.array(before, { maxLength: 3 }), command, fc.array(around, { maxLength: 3 }), fc.boolean())
      .map(([front, middle, behind, isOverSsh]) => {
        const all = join([...front, middle, ...behind]);
        const isQuotable = !/['\n]/.test(all.text);
        return isOverSsh && isQuotable ? { ...all, text: `ssh me@lead '${all.text}'` } : all;
      });
    fc.assert(
      fc.property(pasted, ({ text, marks }) => {
        const { launches, dropped } = importCommand(text);
        launched += launches.length;
        const kept = launches.map(
          ({ launch, cluster }) => `${launch.name} ${launch.yaml}\n${cluster?.yaml ?? ''}`,
        );
        const all = [...kept, ...dropped, ...launches.flatMap((launch) => launch.dropped)].join('\n');
        for (const mark of marks) expect(all, `${mark} of ${text}`).toContain(mark);
        for (const launch of launches) {
          const inserted = importedInto(undefined, launch);
          const yaml = applyEdits('', inserted?.edits ?? []);
          const errors = parseRankwise(yaml).problems.filter(({ severity }) => severity === 'error');
          expect(errors, `${text}\n${yaml}`).toEqual([]);
        }
      }),
      { numRuns: 3000 },
    );
    expect(launched).toBeGreaterThan(2000);
  });

  it('keeps or drops what is not closed, endless, or no text at all', () => {
    for (const text of [
      "mpirun -np 2 python 'train.py",
      'mpirun "python',
      'mpirun $(python x.py',
      'mpirun `x',
      '',
      '   \n\n',
      '#!/bin/sh\n',
      '\0\u0001\u2028',
      '```\n```',
      'mpirun',
      'mpirun -np',
      'torchrun',
      'sbatch',
      'sbatch --wrap',
      'ray job submit',
      'accelerate',
      'accelerate launch',
      'ssh host',
      'ssh',

      'mpirun -np 2 a : -np 2 b',
      "ssh a ssh b ssh c ssh d 'mpirun x'",
    ]) {
      const { launches, dropped } = importCommand(text);
      expect(launches, text).toEqual([]);
      if (/\w/.test(text.replace(/^#.*/, ''))) expect(dropped.length, text).toBeGreaterThan(0);
    }
  });

  it('makes no reference of text that looks like one', () => {
    const { launches } = importCommand(
      "FOO='${secret:TOKEN}' mpirun -x 'BAR=${env:HOME}' python t.py '${matrix.x}' '$${a}'",
    );
    const yaml = launches[0]?.launch.yaml ?? '';
    const references = yaml.split('\n').flatMap((line) => referencesIn(line).map(({ text }) => text));
    expect(references.filter((text) => text !== '$${')).toEqual([]);
    for (const text of ['secret:TOKEN}', 'env:HOME}', 'matrix.x}', '${a}'])
      expect(yaml).toContain(`$\${${text.replace('${', '')}`);
  });

  it('reads the longest text in a moment', () => {
    for (const unit of [
      '$(',
      '"',
      "'",
      '`',
      '{a,',
      ',',
      '..',
      '<a ',
      '<<a\n',
      '~:',
      'a=',
      '\\\n',
      '$ ',
      '(',
      'if ',
      'mpirun x.py;',
      '-x a ',
      '|',
      'ssh a ',
      'a@a:',
      '-m a ',
      'a.py/',
      'a -H b,',
      'cd a;',
      'A=1 ',
      '#SBATCH\n',
      '[a@b c',
      'x.',
      '>',
      '&&',
      'export A=1;',
      'sbatch --wrap="',
    ]) {
      const many = unit.repeat(Math.floor((longestImport - 100) / unit.length));
      for (const text of [
        many,
        `{${many}`,
        `mpirun -np 2 ${many}`,
        `torchrun ${many} a.py`,
        `mpirun -H ${many} python a.py`,
      ]) {
        const start = process.cpuUsage();
        const { refused } = importCommand(text);
        const { user, system } = process.cpuUsage(start);
        expect((user + system) / 1000, JSON.stringify(text.slice(0, 40))).toBeLessThan(1000);
        expect(refused?.reason ?? '').not.toContain('KiB');
      }
    }
  });
});
