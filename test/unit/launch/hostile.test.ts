import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { LaunchModel, LauncherName } from '../../../src/config/model';
import type { Plan } from '../../../src/launch/plan';
import { planLaunch } from '../../../src/launch/planLaunch';
import { quote } from '../../../src/ssh/quote';
import { hostsWith, specOf } from '../../support/launchSpecs';

/**
 * Every script that a plan has is executed with hostile names, values and arguments, launchers being replaced by one
 * program that notes its arguments and environment: each must arrive as it was written, and nothing else may happen.
 */
const root = mkdtempSync(join(tmpdir(), 'rankwise-hostile-'));
afterAll(() => rmSync(root, { recursive: true }));
const canary = join(root, 'escaped');

const nasty = [
  `'`,
  `"`,
  '\\',
  '\n',
  '$(touch "$CANARY")',
  '`touch $CANARY`',
  ';touch $CANARY;',
  '&& touch $CANARY #',
  '\n touch $CANARY\n',
  '-n',
  '--',
  '*',
  ' ',
  'ü漢🎲',
  '%s',
  '${CANARY}',
  '\r',
];
const word = fc
  .array(fc.oneof(fc.constantFrom(...nasty), fc.string({ maxLength: 6 })), { minLength: 1, maxLength: 5 })
  .map((parts) =>
    parts
      .join('')
      .replaceAll('\0', '')
      // `$${` in a launch is one `$` before `{`.
      .replaceAll(/\$+/g, '$')
      .toWellFormed(),
  );

const launches: Record<
  Exclude<LauncherName, 'ray' | 'slurm'>,
  (word: string, glued: string) => Partial<LaunchModel>
> = {
  ssh: (text) => ({ ssh: { per: 'slot', service: ['service', text] } }),
  mpirun: (text, glued) => ({
    mpirun: {
      mca: { pml: glued },
      x: [text, 'HOME'],
      bindTo: undefined,
      mapBy: undefined,
      args: ['--own', text],
    },
  }),
  horovodrun: (text, glued) => ({
    horovodrun: { controller: 'mpi', interface: glued, args: ['--own', text] },
  }),
  torchrun: (text) => ({
    torchrun: { program: 'torchrun', rendezvous: 'c10d', minNodes: 1, maxRestarts: 1, args: [text] },
  }),
  deepspeed: (text) => ({ deepspeed: { args: [text] } }),
  accelerate: (text) => ({ accelerate: { args: [text] } }),
  mxnet: (text, glued) => ({
    mxnet: {
      servers: 1,
      launchPy: text,
      tracker: 'ssh',
      syncDstDir: glued,
      interface: text,
      args: [text],
    },
  }),
};

/** The words and the environment that a script brought to a program. */
interface Brought {
  words: string[];
  env: Map<string, string>;
}

/** Launchers that glue some values into shell text of their own: there those are refused, and plain ones stand here. */
const glues: Partial<Record<string, 'mca' | 'hosts'>> = {
  mpirun: 'mca',
  horovodrun: 'hosts',
  mxnet: 'hosts',
};
const plain = (text: string): string => `p${text.replaceAll(/[^A-Za-z0-9]/g, 'x')}`;

let homes = 0;

/** Writes the run directory of all hosts below one home, as shared homes have it. */
function writePlan(plan: Plan, home: string): string {
  const directory = join(home, '.rankwise/runs', plan.run);
  for (const { path, content, mode } of plan.files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
    chmodSync(join(directory, path), mode);
  }
  return directory;
}

function execute(script: string, home: string, programs: readonly string[]): Brought {
  // Not below a home with a colon in its name, which would end a directory of PATH.
  const bin = join(root, 'bin');
  const note = join(home, 'note');
  mkdirSync(bin, { recursive: true });
  for (const program of programs) {
    if (program.includes('/') || program === '' || program === '.' || program === '..') continue;
    const text = `#!/bin/sh\n{ printf '%s\\0' "$@"; echo; env -0; } >"$NOTE"\n`;
    writeFileSync(join(bin, program), text.replace('"$@"; echo', '"$0" "$@"; printf "\\n\\n\\0"'));
    chmodSync(join(bin, program), 0o700);
  }
  // Not a login shell: the profile of this machine is not the test's.
  const result = spawnSync('bash', [script], {
    env: { HOME: home, PATH: `${bin}:/usr/bin:/bin`, CANARY: canary, NOTE: note },
  });
  expect(result.status, result.stderr.toString()).toBe(0);
  const parts = readFileSync(note, 'utf8').split('\0').slice(0, -1);
  // A word may be two line ends as well; no variable is.
  const border = parts.lastIndexOf('\n\n');
  const env = parts.slice(border + 1).map((line) => /^([^=]*)=(.*)$/s.exec(line)?.slice(1) ?? []);
  return {
    words: parts.slice(0, border),
    env: new Map(env.map(([name = '', value = '']) => [name, value])),
  };
}

describe.each(Object.entries(launches))('a plan of %s', (launcher, options) => {
  it('brings every word and value to its program as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 6, maxLength: 6 }),
        fc.array(word, { maxLength: 4 }),
        (w, args) => {
          const [option = '', value = '', peer = '', nodeName = '', nic = '', odd = ''] = w;
          const glue = glues[launcher];
          const home = join(root, `h${homes++} ${odd.replaceAll(/[/\n]/g, '')}`.slice(0, 60).toWellFormed());
          const workdir =
            glue === 'hosts' ? join(root, 'workdir') : join(home, `w ${odd.replaceAll('/', '')}`);
          mkdirSync(workdir, { recursive: true });
          const hosts = hostsWith(2, 2).map((host, index) => ({
            ...host,
            peer: `${glue === 'hosts' ? plain(peer) : peer}${index}`,
          }));
          const spec = specOf(
            hosts,
            {
              launcher: launcher as LauncherName,
              command: ['trainer', ...args],
              env: { VALUE: value },
              ...options(option, glue === undefined ? option : plain(option)),
            },
            { workdir, env: { OTHER: odd } },
          );
          const facts = Object.fromEntries(
            hosts.map(({ name }, index) => [
              name,
              {
                ...spec.facts![name]!,
                home,
                nodeName: `${nodeName}${index}`,
                interfaces: [{ name: `n${nic}`, address: `10.0.0.${index + 1}`, prefix: 24 }],
              },
            ]),
          );
          const plan = planLaunch({ ...spec, facts });
          const directory = writePlan(plan, home);
          for (const { host, id, argv, env } of plan.processes) {
            const program = argv[0] === 'sh' ? argv[2] : argv[0];
            const brought = execute(join(directory, host, `${id}.sh`), home, [program ?? '']);
            const expected = argv[0] === 'sh' ? argv.slice(2) : argv;
            expect(brought.words.slice(1)).toEqual(expected.slice(1));
            for (const [name, text] of Object.entries(env)) expect(brought.env.get(name)).toBe(text);
          }
          if (plan.files.some(({ path }) => path === 'node1/rank-job.sh')) {
            const brought = execute(join(directory, 'node1/rank-job.sh'), home, ['trainer']);
            expect(brought.words.slice(1)).toEqual(args);
            expect(brought.env.get('VALUE')).toBe(value);
            // Nothing but an error: this machine is none of its hosts, or nothing tells the rank.
            const shim = spawnSync('sh', [join(directory, 'rank.sh')], {
              env: { HOME: home, PATH: '/usr/bin:/bin', CANARY: canary },
            });
            expect(shim.status).not.toBe(0);
          }
          expect(existsSync(canary)).toBe(false);
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);
});

it.each<[LauncherName, Partial<LaunchModel>, string]>([
  [
    'mpirun',
    { mpirun: { mca: { pml: '$(id)' }, x: [], bindTo: undefined, mapBy: undefined, args: [] } },
    'pml',
  ],
  [
    'mpirun',
    { mpirun: { mca: {}, x: [], bindTo: undefined, mapBy: undefined, args: ['--mca', 'btl', '`id`'] } },
    'btl',
  ],
  ['horovodrun', { horovodrun: { controller: 'gloo', interface: 'a;id', args: [] } }, 'horovodrun.interface'],
  [
    'mxnet',
    {
      mxnet: {
        servers: 1,
        launchPy: 'launch.py',
        tracker: 'ssh',
        syncDstDir: '/tmp/$(id)',
        interface: undefined,
        args: [],
      },
    },
    'mxnet.syncDstDir',
  ],
])('%s gets no value that it would glue into a shell command', (launcher, options, what) => {
  const plan = (): unknown => planLaunch(specOf(hostsWith(2, 2), { launcher, ...options }));
  expect(plan).toThrow(`${launcher === 'mxnet' ? 'launch.py' : launcher} puts ${what} into a shell command`);
});

it('the check itself notices an escape', () => {
  const home = join(root, 'noticed');
  mkdirSync(home);
  const script = join(home, 'script.sh');
  writeFileSync(script, `trainer $(touch "$CANARY") ${quote('kept')}\n`);
  expect(execute(script, home, ['trainer']).words.slice(1)).toEqual(['kept']);
  expect(existsSync(canary)).toBe(true);
  rmSync(canary);
});
