import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeError } from '../../src/base/errors';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';

const say = (): undefined => undefined;

describe.each(['each', 'shared'] as const)('what a launch brings to its hosts, homes: %s', (homes) => {
  let lab: Lab;
  let test: TestCore;
  let steps: string[];
  let turn = 0;

  beforeAll(async () => {
    lab = await createLab({ hosts: 3, homes });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    test = await createTestCore(lab.sshConfigFile);
    steps = [];
    turn++;
  });
  afterEach(() => test.dispose());

  const yaml = (more: string, command = 'cat train.py', core = test): Promise<void> =>
    core.configure(
      `version: 1\nclusters:\n  lab: { hosts: [node1, node2, node3], workdir: ~/work ${turn} }\nlaunches:\n` +
        `  train: { cluster: lab, launcher: ssh, command: '${command}', ${more} }\n`,
    );
  const launch = async (core = test): Promise<string> =>
    (await core.core.runs.launch('train', {}, (step) => void steps.push(step))).id;
  const failure = async (core = test): Promise<string> =>
    describeError(await core.core.runs.launch('train', {}, say).catch((error: unknown) => error));
  const inside = (command: string): string => `cd ~/"work ${turn}" && ${command}`;

  it('sends only what differs, keeps executable bits, and deletes nothing', async () => {
    const names = ['train.py', 'lib/a.py', 'lib/it\'s $(odd) "name".txt', 'run.sh'];
    await mkdir(join(test.folder, 'lib'), { recursive: true });
    for (const name of names) await writeFile(join(test.folder, name), `first ${name}\n`);
    await chmod(join(test.folder, 'run.sh'), 0o755);
    await yaml('files: [train.py, lib, run.sh]');
    await runReaches(test, await launch(), isOver);
    expect(steps).toContain('Copying 4 of 4 files');
    const sums = names.map((name) => createHash('sha256').update(`first ${name}\n`).digest('hex'));
    for (const { name } of lab.hosts) {
      const { stdout } = await lab.exec(
        name,
        inside(`sha256sum ${names.map((file) => `'${file.replaceAll("'", "'\\''")}'`).join(' ')}`),
      );
      expect(
        stdout
          .split('\n')
          .map((line) => line.split(' ')[0]?.replace('\\', ''))
          .slice(0, 4),
      ).toEqual(sums);
      expect((await lab.exec(name, inside('test -x run.sh && test ! -x train.py'))).code).toBe(0);
      expect((await lab.exec(name, inside('ls -a'))).stdout).not.toContain('.rankwise');
    }

    const inodes = async (): Promise<string> =>
      (await lab.exec('node2', inside('stat -c "%i %n" lib/a.py train.py'))).stdout;
    const before = await inodes();
    await lab.exec('node2', inside('echo mine >own.txt'));
    await writeFile(join(test.folder, 'train.py'), 'second\n');
    steps = [];
    await runReaches(test, await launch(), isOver);
    expect(steps).toContain('Copying 1 of 4 files');
    const after = await inodes();
    expect(after.split('\n')[0]).toBe(before.split('\n')[0]);
    expect(after.split('\n')[1]).not.toBe(before.split('\n')[1]);
    expect((await lab.exec('node2', inside('cat own.txt train.py'))).stdout).toBe('mine\nsecond\n');

    steps = [];
    await runReaches(test, await launch(), isOver);
    expect(steps.filter((step) => step.startsWith('Copying'))).toEqual([]);
  });

  it('refuses to change files under another run, also of another machine, and names it', async () => {
    await writeFile(join(test.folder, 'train.py'), 'first\n');
    await yaml('files: [train.py]', 'cat train.py; sleep 600');
    const running = await launch();
    const other = await createTestCore(lab.sshConfigFile);
    try {
      await writeFile(join(other.folder, 'train.py'), 'first\n');
      await yaml('files: [train.py]', 'cat train.py', other);
      // The same files do no harm.
      await runReaches(other, await launch(other), isOver);
      // Neither does one that is not there yet.
      await writeFile(join(other.folder, 'fmt.py'), 'new\n');
      await yaml('files: [train.py, fmt.py]', 'cat fmt.py', other);
      await runReaches(other, await launch(other), isOver);
      expect((await lab.exec('node3', inside('cat fmt.py'))).stdout).toBe('new\n');
      await writeFile(join(other.folder, 'train.py'), 'other\n');
      expect(await failure(other)).toContain(`is used by run ${running}, and 1 of the files`);
      await writeFile(join(test.folder, 'train.py'), 'changed\n');
      expect(await failure()).toMatch(
        /~\/work \d+ on node\d is used by run #1 of train, and 1 .*\(train\.py\)/,
      );
      expect((await lab.exec('node3', inside('cat train.py'))).stdout).toBe('first\n');
      await test.core.runs.stop(running, say);
      await runReaches(other, await launch(other), isOver);
      expect((await lab.exec('node3', inside('cat train.py'))).stdout).toBe('other\n');
    } finally {
      await other.dispose();
    }
  });

  it('lets two launches at once have the workdir one after the other, or refuses one', async () => {
    const other = await createTestCore(lab.sshConfigFile);
    try {
      for (const core of [test, other]) {
        await writeFile(join(core.folder, 'train.py'), core === test ? 'one\n' : 'two\n');
        await yaml('files: [train.py]', 'sleep 3; cat train.py', core);
      }
      const outcomes = await Promise.allSettled([launch(test), launch(other)]);
      const started = outcomes.flatMap((outcome, index) =>
        outcome.status === 'fulfilled' ? [{ id: outcome.value, index }] : [],
      );
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [describeError(outcome.reason)] : [],
      );
      for (const words of refused) expect(words).toContain('is used by run');
      // Each that started saw its own files, to the end.
      for (const { id, index } of started) {
        const core = [test, other][index]!;
        const { workers } = await runReaches(core, id, isOver);
        for (const worker of workers)
          expect(await readFile(core.core.runs.logFile(id, worker.id), 'utf8')).toBe(
            index === 0 ? 'one\n' : 'two\n',
          );
      }
      expect(started.length).toBeGreaterThan(0);
    } finally {
      await other.dispose();
    }
  });

  it('runs a set-up script once per file system and content, and shows what it says', async () => {
    const script =
      'echo "setting up on $(uname -n)"; sleep 2; echo x >>count; mkdir -p bin; printf "#!/bin/sh\\necho trained\\n" >bin/train; chmod +x bin/train\n';
    const other = await createTestCore(lab.sshConfigFile);
    try {
      for (const core of [test, other]) {
        await writeFile(join(core.folder, 'setup.sh'), script);
        await yaml('setupScript: setup.sh', './bin/train', core);
      }
      const ids = await Promise.all([launch(test), launch(other)]);
      await runReaches(test, ids[0], isOver);
      await runReaches(other, ids[1], isOver);
      await runReaches(test, await launch(), isOver);
      for (const { name } of lab.hosts)
        expect((await lab.exec(name, inside('cat count'))).stdout).toBe('x\n');
      expect(steps.join('\n')).toMatch(/Setting up node1: setting up on node1/);
      const logs = (await readdir(join(test.stateDir, 'runs', ids[0]))).filter((file) =>
        file.startsWith('setup-'),
      );
      expect(logs).toHaveLength(homes === 'shared' ? 1 : 3);
      // Other content runs again; a failure stops the launch with its last lines.
      await writeFile(join(test.folder, 'setup.sh'), 'echo no compiler here >&2; exit 5\n');
      expect(await failure()).toMatch(/setup\.sh failed on node\d with exit 5: no compiler here/);
    } finally {
      await other.dispose();
    }
  });

  it('checks out an exact commit, and refuses where somebody has changed something', async () => {
    const repository = `${lab.truth.inside}/repository-${turn}`;
    const git = `git -c user.name=a -c user.email=a@b -C ${repository}`;
    await lab.exec(
      'node1',
      `git init -q -b main ${repository} && echo one >${repository}/train.py && ${git} add . && ${git} commit -qm one`,
      { user: 'trainer' },
    );
    const { stdout: head } = await lab.exec('node1', `${git} rev-parse HEAD`);
    await yaml(`checkout: { repository: "${repository}", ref: main }`);
    const id = await launch();
    const view = await runReaches(test, id, isOver);
    expect(view.state).toMatchObject({ kind: 'ended', exit: { code: 0 } });
    expect(view.commit).toBe(head.trim());
    for (const { id: worker } of view.workers)
      expect(await readFile(test.core.runs.logFile(id, worker), 'utf8')).toBe('one\n');
    await lab.exec('node1', `echo two >${repository}/train.py && ${git} commit -qam two`);
    expect((await runReaches(test, await launch(), isOver)).commit).not.toBe(head.trim());
    await lab.exec('node2', inside('echo mine >train.py'));
    expect(await failure()).toMatch(/node\d.*local changes: .*train\.py/);
  });
});
