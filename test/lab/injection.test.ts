import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PythonName } from '../../scripts/machine/ensurePython.mjs';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';
import { takeTurnsWithRay } from '../support/rayTurn';

/** Each would leave a file named `escaped-here` if anything on its way took it for more than text. */
const nasty = [
  "it's",
  '"double',
  'back\\slash\\',
  '$(touch escaped-here)',
  '`touch escaped-here`',
  '; touch escaped-here ;',
  "'; touch escaped-here; '",
  '"; touch escaped-here; "',
  '&& touch escaped-here #',
  '| touch escaped-here',
  '\ntouch escaped-here\n',
  'two\nlines',
  'carriage\rreturn',
  'tab\tbed  twice ',
  '-n',
  '--help',
  '--',
  '*',
  '~',
  '$HOME',
  '%s %j %%',
  '#SBATCH --wrap=touch',
  '!!',
  'ü漢🎲',
  '',
];
/** All in one word. */
const all = nasty.join(' ');
const param = `p ${nasty.slice(0, 12).join('')}`;
const odd = `w $(touch escaped-here) 'q" ;touch escaped-here; ü`;

/** Notes what arrived: arguments, environment and directory. */
const witness = `#!/usr/bin/python3
import json, os, sys, tempfile
def text(raw): return os.fsencode(raw).decode("utf-8", "backslashreplace")
found = {
    "argv": [text(one) for one in sys.argv[1:]],
    "env": {name: text(value) for name, value in os.environ.items()},
    "cwd": text(os.getcwd()),
    "rank": os.environ.get("RANK"),
}
handle, path = tempfile.mkstemp(dir=os.environ["WITNESS_DIR"], suffix=".tmp")
os.write(handle, json.dumps(found).encode())
os.close(handle)
os.chmod(path, 0o666)
os.rename(path, path[:-4] + ".json")
`;

interface Noted {
  argv: string[];
  env: Record<string, string>;
  cwd: string;
}

const values = Object.fromEntries([...nasty, all].map((text, index) => [`V${index}`, text]));

describe('hostile words on their way to a job', { timeout: 400_000 }, () => {
  let lab: Lab;
  let test: TestCore;
  let place = '';
  let count = 0;
  let looking: { dispose(): void };

  takeTurnsWithRay();
  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'shared', slurm: { gpus: 2 } });
    await writeFile(join(lab.truth.outside, 'witness'), witness, { mode: 0o755 });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    test = await createTestCore(lab.sshConfigFile);
    // How a script without records of its own ended, only the queue says.
    looking = test.core.runs.watchQueues();
    place = `injected-${++count}`;
    await mkdir(join(lab.truth.outside, place));
    await lab.exec('node1', `chmod 777 ${lab.truth.inside}/${place}`, { user: 'root' });
  });
  afterEach(async () => {
    looking.dispose();
    for (const { id, state } of test.core.runs.all)
      if (state.kind !== 'ended') await test.core.runs.stop(id, () => undefined);
    await test.dispose();
  });

  /** JSON is YAML: every character arrives in the configuration as it is. */
  async function configure(given: object, cluster: object): Promise<void> {
    // launch.py runs under the Python that the command names.
    const { python = '/usr/bin/python3', ...launch } = given as { python?: string };
    await test.configure(
      JSON.stringify({
        version: 1,
        clusters: { lab: cluster },
        launches: {
          train: {
            cluster: 'lab',
            command: [python, `${lab.truth.inside}/witness`, ...nasty, '${params.text}'],
            params: { text: param },
            env: { ...values, GIVEN: 'x${params.text}', WITNESS_DIR: `${lab.truth.inside}/${place}` },
            ...launch,
          },
        },
      }),
    );
    expect(test.core.config.current?.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  }
  const hosts = (): object => ({
    hosts: lab.hosts.map(({ name, address }) => ({ host: name, peer: address })),
  });
  const withPython = (python: PythonName): object => ({
    ...hosts(),
    setup: [`export PATH=${lab.python(python)}/bin:$PATH`],
  });
  async function noted(): Promise<Noted[]> {
    const directory = join(lab.truth.outside, place);
    const files = (await readdir(directory)).filter((name) => name.endsWith('.json'));
    return Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8')) as Noted),
    );
  }
  async function expectNoCanary(): Promise<void> {
    for (const name of ['head', 'node1', 'node2']) {
      const look = `find /home /root /tmp /var/tmp ${lab.truth.inside} -xdev -path /root/.cache -prune -o -name escaped-here -print; find / -maxdepth 1 -name escaped-here`;
      expect((await lab.exec(name, look, { user: 'root' })).stdout).toBe('');
    }
  }
  /** Runs the launch and compares what every process of it was given. */
  async function expectIntact(least: number, workdir?: string): Promise<void> {
    const { id } = await test.core.runs.launch('train', {}, () => undefined);
    const ended = await runReaches(test, id, isOver, 300_000);
    expect(ended.state).toMatchObject({ kind: 'ended', exit: { code: 0 } });
    const found = await noted();
    expect(found.length).toBeGreaterThanOrEqual(least);
    for (const { argv, env, cwd } of found) {
      expect(argv).toEqual([...nasty, param]);
      for (const [name, value] of Object.entries({ ...values, GIVEN: `x${param}` }))
        expect([name, env[name]]).toEqual([name, value]);
      if (workdir !== undefined) expect(cwd.endsWith(`/${workdir}`)).toBe(true);
    }
    await expectNoCanary();
  }

  it('the check itself notices an escape', async () => {
    await lab.exec('node2', 'cd /tmp && x=$(touch escaped-here)');
    await expect(expectNoCanary()).rejects.toThrow('escaped-here');
    await lab.exec('node2', 'rm /tmp/escaped-here');
    await expectNoCanary();
  });

  it.each<[string, PythonName, object, number, boolean]>([
    ['ray, as its driver', 'field', { launcher: 'ray' }, 1, true],
    ['ray, as its job', 'field', { launcher: 'ray', ray: { mode: 'submit' } }, 1, true],
    ['mpirun', 'horovod', { launcher: 'mpirun', np: 2 }, 2, true],
    ['horovodrun over gloo', 'horovod', { launcher: 'horovodrun', np: 2 }, 2, false],
    [
      'horovodrun over Open MPI',
      'horovod',
      { launcher: 'horovodrun', np: 2, horovodrun: { controller: 'mpi' } },
      2,
      false,
    ],
    [
      "mxnet, by the user's launch.py",
      'mxnet',
      { launcher: 'mxnet', mxnet: { servers: 1, launchPy: '~/launch.py' }, python: 'python' },
      2,
      false,
    ],
  ])('%s: arrive as they were written', async (_, python, launch, least, takesAnyWorkdir) => {
    await configure(launch, { ...withPython(python), ...(takesAnyWorkdir ? { workdir: `~/${odd}` } : {}) });
    await expectIntact(least, takesAnyWorkdir ? odd : undefined);
  });

  it('slurm: arrive at every task, and in the comment of the job', async () => {
    const line = nasty.filter((text) => !/[\n\r]/.test(text)).join(' ');
    await configure(
      { launcher: 'slurm', nodes: 2, slurm: { ntasksPerNode: 1, args: [`--comment=${line}`] } },
      { login: 'head', workdir: `~/${odd}`, slurm: { pollSeconds: 10 } },
    );
    await expectIntact(2, odd);
    const jobs = await lab.exec('head', 'scontrol show jobs');
    expect(jobs.stdout).toContain(`Comment=${line}`);
  });

  it("slurm, the user's own script: arrive in its environment, and as an option of sbatch", async () => {
    const list = nasty.map((_, index) => `"$V${index}"`).join(' ');
    await writeFile(
      join(test.folder, 'own.sbatch'),
      `#!/bin/bash\n#SBATCH --nodes=2 --ntasks-per-node=1\nsrun /usr/bin/python3 ${lab.truth.inside}/witness ${list} "\${GIVEN#x}"\n`,
    );
    await configure(
      {
        launcher: 'slurm',
        command: undefined,
        slurm: { script: 'own.sbatch', args: [`--comment=${all}`] },
      },
      { login: 'head', workdir: `~/${odd}`, slurm: { pollSeconds: 10 } },
    );
    await expectIntact(2, odd);
  });

  it('slurm: a word that no #SBATCH line can hold is refused before anything runs', async () => {
    await configure(
      { launcher: 'slurm', nodes: 1, slurm: { args: ['--comment=one\ntouch escaped-here'] } },
      { login: 'head', slurm: { pollSeconds: 10 } },
    );
    await expect(test.core.runs.launch('train', {}, () => undefined)).rejects.toMatchObject({
      code: 'launch.slurmOption',
    });
    await expectNoCanary();
  });

  it.each<[string, object]>([
    ['horovodrun', { launcher: 'horovodrun', np: 2 }],
    ['launch.py', { launcher: 'mxnet', mxnet: { launchPy: '~/launch.py' } }],
  ])('%s: a directory that it would hand to a shell is refused before anything runs', async (_, launch) => {
    await configure(launch, { ...hosts(), workdir: `~/${odd}` });
    await expect(test.core.runs.launch('train', {}, () => undefined)).rejects.toMatchObject({
      code: 'launch.shellText',
    });
    await expectNoCanary();
  });

  it.each([
    '$(touch escaped-here)',
    '-oProxyCommand=touch escaped-here',
    'a;touch escaped-here',
    'node1\ntouch escaped-here',
  ])('no host is called %j', async (host) => {
    for (const launcher of ['ray', 'mpirun', 'horovodrun', 'mxnet', 'ssh']) {
      await test.configure(
        JSON.stringify({
          version: 1,
          clusters: { lab: { hosts: [host, 'node2'] } },
          launches: { train: { cluster: 'lab', launcher, command: ['true'] } },
        }),
      );
      await expect(test.core.runs.launch('train', {}, () => undefined)).rejects.toMatchObject({
        code: 'launch.broken',
      });
    }
    await expectNoCanary();
  });
});
