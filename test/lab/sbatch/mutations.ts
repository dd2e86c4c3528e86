/** Scripts for sbatch, right ones and spoilt ones, from a seeded generator: the same seed gives the same scripts. */

/** What a script was made to show: the bullets of what sbatch really accepts. */
export const aspects = [
  'arguments',
  'quoting',
  'firstLine',
  'lines',
  'abbreviations',
  'singleDash',
  'times',
  'sizes',
  'counts',
  'words',
  'otherMarks',
  'letters',
] as const;
export type Aspect = (typeof aspects)[number];

export interface Mutation {
  aspect: Aspect;
  text: string;
}

/** mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const times =
  '0 1 30 90 1:00 00:30 1:60 12:00:00 00:90:00 48:00:00 1-0 2-12 1-25 1-2:3 3-4:5:6 7-00:00:00 INFINITE unlimited UNLIMITED'.split(
    ' ',
  );
const badTimes =
  '24h 2d 1.5 30m 1h30m 1:2:3:4 1-2:3:4:5 1: :30 a 1-a 12h00 1d-2 1,5 10min 1-2-3 infinit 1:-2 0x10 1:0:0s'.split(
    ' ',
  );
const sizes = '0 1 512 1G 1g 4GB 16gb 100M 2048K 1kb 2mb 64G'.split(' ');
const badSizes = '1.5G 64Gi 64GiB 1Mi 2x G 10P 1b 1e3 -1 1GG 1,5G 8Gb/s 1GBs max 50% 1.G'.split(' ');
const counts = '1 2 4 01 +2'.split(' ');
const badCounts = '0 -1 x 1.5 2x two 1k 1,2 1:2 0x2 =2 2; 1e1 1/2'.split(' ');
const nodes = '1 2 4 1-2 2-4 -3 01 +1 0'.split(' ');
const badNodes = 'x 1.5 3-2 2- 1-2-3 1,2 2,4 1:2 =2 1e1 2-x 0x2 4; --5'.split(' ');

/** Values of options whose refusal is no matter of the site. */
const words: readonly (readonly [option: string, right: readonly string[], wrong: readonly string[]])[] = [
  [
    '--mail-type',
    'ALL END END,FAIL begin,end NONE TIME_LIMIT_80 END,FOO ARRAY_TASKS'.split(' '),
    'FOO ERROR END;FAIL DONE START,STOP ends BEGIN|END'.split(' '),
  ],
  [
    '--signal',
    'USR1@60 B:USR1@60 SIGTERM@30 USR2 10@60 R:INT usr1@5 TERM'.split(' '),
    'FOO@60 USR1@x USR1@70000 B: @60 USR1:60 X:USR1 SIGWINCH USR1@60s 12x'.split(' '),
  ],
  [
    '--distribution',
    'block cyclic plane=2 block:cyclic *:block block,pack BLOCK'.split(' '),
    'foo plane plane=0 plane=x block:foo block,foo fcyclic cyc blocks'.split(' '),
  ],
  ['--open-mode', 'append truncate a t'.split(' '), 'x overwrite write +'.split(' ')],
  [
    '--hint',
    'compute_bound memory_bound multithread nomultithread'.split(' '),
    'x compute hyperthread none'.split(' '),
  ],
  ['--exclusive', 'user mcs USER'.split(' '), 'yes no foo true 1'.split(' ')],
  ['--kill-on-invalid-dep', 'yes no YES'.split(' '), 'y n true 1 yess'.split(' ')],
  [
    '--begin',
    'now now+1hour 16:00 2030-01-01 2030-01-01T12:00:00 tomorrow noon 01/01/30 now+2days'.split(' '),
    'foo 4pm 24:00 now+1h 2030/01/01 12 1/1/2030 monday 12:60 now+1month'.split(' '),
  ],
  [
    '--deadline',
    '2040-01-01 2040-12-31T08:00 12/31/40 tomorrow'.split(' '),
    'later 2040-13-01 2040-1-1 31.12.2040 8am'.split(' '),
  ],
  [
    '--array',
    '0-3 1 1,3,5 0-15%4 0-14:7 [1-3]'.split(' '),
    '1- a 3-1 0-3:0 1..3 1;2 0x3 1-2-3 x%2'.split(' '),
  ],
  [
    '--dependency',
    'singleton afterok:1 afterany:1:2 afterok:1,afternotok:2 afterok:1?afterany:3'.split(' '),
    'afterok foo:1 afterok:x after:$JOB done:1'.split(' '),
  ],
  [
    '--gpu-bind',
    'none closest single:1 map_gpu:0,1 mask_gpu:0x3 per_task:1 verbose,closest'.split(' '),
    'x map_gpu:x single mask:3 first'.split(' '),
  ],
  [
    '--gpu-freq',
    'low medium high 1200 memory=high low,memory=high'.split(' '),
    'x fast 1.2GHz memory=x'.split(' '),
  ],
  [
    '--mem-bind',
    'local none rank verbose,local map_mem:0,1 mask_mem:0x3'.split(' '),
    'x near map_mem map_mem:x locals'.split(' '),
  ],
  ['--profile', 'all none energy task energy,task'.split(' '), 'x cpu gpu filesys'.split(' ')],
  ['--propagate', 'ALL NONE STACK MEMLOCK,STACK'.split(' '), 'x all STACK,foo stack MEMLOCKS'.split(' ')],
  ['--acctg-freq', '30 task=30 task=30,energy=10 0'.split(' '), 'x foo=1 task=x -1'.split(' ')],
  [
    '--nodelist',
    'node1 node[1-2] node1,node2 node[1,3]'.split(' '),
    'node[2-1] node[a] node[] node[1-2]x node[1,,2] node[[1]]'.split(' '),
  ],
  ['--gres-flags', 'enforce-binding disable-binding'.split(' '), 'x enforce binding'.split(' ')],
  ['--switches', '1 1@10 2@1:00:00'.split(' '), '0 x @10 1,2'.split(' ')],
  ['--wait-all-nodes', '0 1'.split(' '), '2 x yes -1'.split(' ')],
  ['--no-kill', 'off set'.split(' '), 'yes 1 on'.split(' ')],
  ['--nice', '5 0 100'.split(' '), '99999999999 2147483646'.split(' ')],
  ['--priority', '5 0'.split(' '), '-1 4294967295'.split(' ')],
];

const right = [
  '--job-name=train',
  '-J train',
  '--nodes=2',
  '-N 2',
  '--ntasks=4',
  '-n 4',
  '--ntasks-per-node=2',
  '--cpus-per-task=2',
  '-c 2',
  '--time=01:00:00',
  '-t 30',
  '--mem=4G',
  '--output=log-%j.out',
  '-o out.txt',
  '--error=%x.err',
  '-e err',
  '--gres=gpu:1',
  '--gpus-per-node=1',
  '--exclusive',
  '--requeue',
  '--no-requeue',
  '--hold',
  '-H',
  '-s',
  '--mail-user=me@example.org',
  '-D /tmp',
  '--export=ALL',
  '--comment="two words"',
  "--comment='a # b'",
  '--wckey=x',
  '--contiguous',
  '--overcommit',
  '-O',
  '--account=a',
];
const long =
  'account acctg-freq array begin chdir comment constraint contiguous cores-per-socket cpus-per-task deadline dependency distribution error exclude exclusive export gpus gpus-per-node gres hint hold job-name mail-type mail-user mem mem-per-cpu nodelist nodes ntasks ntasks-per-node open-mode output overcommit partition qos requeue signal time tmp'.split(
    ' ',
  );
/** A value that each of them takes, where one is needed. */
const taken: Record<string, string> = {
  account: 'a',
  'acctg-freq': '30',
  array: '0-3',
  begin: 'now',
  chdir: '/tmp',
  comment: 'c',
  'cores-per-socket': '1',
  'cpus-per-task': '2',
  deadline: '2040-01-01',
  dependency: 'singleton',
  distribution: 'block',
  error: 'e',
  exclude: 'node4',
  export: 'ALL',
  gpus: '1',
  'gpus-per-node': '1',
  gres: 'gpu:1',
  hint: 'multithread',
  'job-name': 'j',
  'mail-type': 'END',
  'mail-user': 'm',
  mem: '1G',
  'mem-per-cpu': '1G',
  nodelist: 'node1',
  nodes: '1',
  ntasks: '1',
  'ntasks-per-node': '1',
  'open-mode': 'append',
  output: 'o',
  partition: 'main',
  qos: 'q',
  signal: 'USR1',
  time: '10',
  tmp: '0',
};
const bodies = [
  'srun hostname\n',
  'echo a\n#SBATCH --time=nothing\nsrun hostname\n',
  'module load x\nsrun python train.py\n',
  '',
];

/** @param each scripts of each aspect */
export function mutations(seed: number, each: number): Mutation[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T =>
    from[Math.floor(random() * from.length)] as T;
  const some = (count: number): string[] =>
    Array.from({ length: Math.floor(random() * (count + 1)) }, () => pick(right));
  const script = (lines: string[], head = '#!/bin/bash\n'): string =>
    `${head}${lines.map((line) => `${line}\n`).join('')}${pick(bodies)}`;
  const directives = (options: string[]): string[] => options.map((option) => `#SBATCH ${option}`);
  const among = (option: string): string[] => [...some(2), option, ...some(1)];
  const either = (good: readonly string[], bad: readonly string[]): string =>
    random() < 0.45 ? pick(good) : pick(bad);
  const joined = (option: string, value: string): string =>
    `${option}${option.startsWith('--') ? pick(['=', '=', ' ']) : pick(['', ' '])}${value}`;

  const make: Record<Aspect, () => string> = {
    arguments: () => {
      const options = [
        ...some(3),
        ...pick([
          ['-N', '2'],
          ['--time', '10'],
          ['-J', '--time=x'],
          ['--nodes'],
          ['foo'],
          ['-'],
          ['--', '--time=x'],
          ['--'],
          ['2'],
          ['--hold=1'],
          ['--parsable=x'],
          ['hetjob', '-N 1'],
          ['-HN', '1'],
          ['-sHz'],
        ]),
      ];
      return script(directives(random() < 0.5 ? options : [options.join(' ')]));
    },
    quoting: () => {
      const [a, b] = [pick(['it', 'a b', 'x#y', 'é', '-', '']), pick(['s', 'c', '#', '=', ''])];
      const form = pick([
        `"${a}"`,
        `'${a}'`,
        `${a}'${b}`,
        `"${a}`,
        `${a}\\'${b}`,
        `"${a}\\"${b}"`,
        `'${a}'${b}`,
        `${a}\\ ${b}`,
        `"${a}'${b}"`,
        `${a}\\`,
        `${a}"${b}`,
        `"${a}" "${b}"`,
      ]);
      return script(directives(among(`--comment=${form}${pick(['', ' --time=5', ' --time=x'])}`)));
    },
    firstLine: () =>
      script(
        directives(some(2)),
        pick([
          '#!/bin/bash\n',
          '#! /bin/sh\n',
          '#!\n',
          '# c\n#!/bin/bash\n',
          '\n#!/bin/bash\n',
          '\uFEFF#!/bin/bash\n',
          ' #!/bin/bash\n',
          '',
          '#!/bin/bash\r\n',
          'echo\n',
          '#!/usr/bin/env python3\n',
          '//bin\n',
          '# licence\n',
          '#!/bin/csh -f\n',
        ]),
      ),
    lines: () => {
      const option = pick(['--time=x', '--time=5', 'foo', '--nodes=2', '--mem=1.5G']);
      const mark = pick([
        '#SBATCH ',
        '#SBATCH',
        '#SBATCH\t',
        ' #SBATCH ',
        '#sbatch ',
        '##SBATCH ',
        '# SBATCH ',
        '\t#SBATCH ',
        '#SBATCH  ',
        '#SBATCH: ',
        '#SBATCH # ',
        '#SBATCHX ',
        '#Sbatch ',
        '#SBATCH\u00a0',
        'echo\n#SBATCH ',
        '\n\n#SBATCH ',
        '   \n# c\n#SBATCH ',
      ]);
      const after = pick(['', '#x', ' # x', ' #', '  ', ' \\', ' : x', '\t']);
      return script([...directives(some(2)), `${mark}${option}${after}`, ...directives(some(1))]);
    },
    abbreviations: () => {
      const name = pick(long);
      const cut = Math.max(1, Math.ceil(random() * name.length));
      const value = taken[name];
      return script(directives(among(`--${name.slice(0, cut)}${value === undefined ? '' : `=${value}`}`)));
    },
    singleDash: () => {
      const name = pick(long);
      const value = taken[name];
      const form = pick([
        `-${name}=${value ?? ''}`,
        `-${name} ${value ?? ''}`,
        `-${pick(['t', 'N', 'n', 'J', 'o', 'c', 'e', 'D', 'A'])}=${pick(['2', 'x', '10'])}`,
        `--${name.replace('-', '_')}=${value ?? ''}`,
        `--${name.toUpperCase()}=${value ?? ''}`,
        `—${name}=${value ?? ''}`,
      ]);
      return script(directives(among(form)));
    },
    times: () =>
      script(
        directives(among(joined(pick(['--time', '-t', '--time', '--delay-boot']), either(times, badTimes)))),
      ),
    sizes: () =>
      script(directives(among(joined(pick(['--mem', '--mem-per-cpu', '--tmp']), either(sizes, badSizes))))),
    counts: () => {
      const option = pick([
        '--nodes',
        '-N',
        '--ntasks',
        '-n',
        '--cpus-per-task',
        '-c',
        '--ntasks-per-node',
        '--mincpus',
        '--cores-per-socket',
        '--cpus-per-gpu',
        '--ntasks-per-core',
      ]);
      return script(
        directives(
          among(
            joined(
              option,
              option.endsWith('odes') || option === '-N'
                ? either(nodes, badNodes)
                : either(counts, badCounts),
            ),
          ),
        ),
      );
    },
    words: () => {
      const [option, good, bad] = pick(words);
      return script(directives(among(`${option}=${either(good, bad)}`)));
    },
    otherMarks: () => {
      const slurm = (): string => `#SLURM ${pick([...right, '--time=x', 'settings', '', 'foo'])}`;
      const pbs = (): string =>
        `#PBS ${pick(['-l nodes=2', '-l walltime=1:00:00', '-l walltime=1h', '-N x', '-d /x', '-j oe', '-V', '-l mem=1gb', '-l mem=1.5gb', '-x', 'foo', "it's", '-m abe', '-o out', '-A a', '-b'])}`;
      const bsub = (): string =>
        `#BSUB ${pick(['-n 4', '-W 1:00', '-W 1h', '-J x', '-o out', '-R "span[ptile=2]"', '-gpu num=1', 'foo', '-e err', '-P p'])}`;
      const line = pick([slurm, pbs, bsub]);
      return script([
        line(),
        ...(random() < 0.4 ? [line()] : []),
        ...(random() < 0.25 ? directives(some(1)) : []),
      ]);
    },
    letters: () => {
      const line = pick(directives([...right, '--time=12:00:00', '--mem=16G', '--ntasks-per-node=4']));
      const at = '#SBATCH '.length + Math.floor(random() * (line.length - 8));
      const letter = pick(['-', '=', ':', ',', '.', ' ', '#', "'", '"', '\\', 'x', '1', 'a', 'N']);
      const spoilt = pick([
        line.slice(0, at) + line.slice(at + 1),
        line.slice(0, at) + letter + line.slice(at),
        line.slice(0, at) + letter + line.slice(at + 1),
        line.slice(0, at) + (line[at + 1] ?? '') + (line[at] ?? '') + line.slice(at + 2),
      ]);
      return script([...directives(some(2)), spoilt]);
    },
  };
  return aspects.flatMap((aspect) => Array.from({ length: each }, () => ({ aspect, text: make[aspect]() })));
}
