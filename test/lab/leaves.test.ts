import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/base/errors';
import { defaultKeepRuns, type KeepRuns } from '../../src/runs/leaves/cleanRuns';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';

const say = (): undefined => undefined;

describe.each(['each', 'shared'] as const)('what runs leave, homes: %s', (homes) => {
  let lab: Lab;
  let test: TestCore;
  let keep: KeepRuns;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    keep = defaultKeepRuns;
    test = await createTestCore(lab.sshConfigFile, 'reject', undefined, {
      mayRunGit: () => true,
      keepRuns: () => keep,
    });
  });
  afterEach(() => test.dispose());

  const configure = (launch: string): Promise<void> =>
    test.configure(`version: 1
clusters:
  lab:
    hosts: [{ host: node1, slots: 1 }, { host: node2, slots: 1 }]
    workdir: ~/work
launches:
  train:
    cluster: lab
    launcher: ssh
${launch}`);
  const run = async (options = {}): Promise<string> => {
    const { id } = await test.core.runs.launch('train', options, say);
    await runReaches(test, id, isOver);
    return id;
  };

  it('lists the outputs, newest first, and downloads one byte for byte', async () => {
    await lab.exec(
      'node1',
      'mkdir -p ~/work/out; echo old >~/work/out/old.bin; touch -d @1000000000 ~/work/out/old.bin',
    );
    await configure(`    command: |
      mkdir -p out/deep
      [ $RANK = 0 ] || exit 0
      head -c 3000000 /dev/urandom >"out/deep/it's \\$(new).bin"
    outputs: ['out/**/*.bin', none/*]
`);
    const id = await run();
    const { files, silent } = await test.core.outputs.list(id);
    expect(silent).toEqual([]);
    const path = "out/deep/it's $(new).bin";
    expect(files.map((file) => [file.host, file.path, file.bytes, file.isNew])).toEqual([
      ['node1', path, 3_000_000, true],
      ['node1', 'out/old.bin', 4, false],
    ]);

    const destination = join(test.folder, 'copy.bin');
    const progress: number[] = [];
    const from = { host: 'node1', path };
    const { bytes, sha256 } = await test.core.outputs.download(id, from, destination, {
      onProgress: (done) => progress.push(done),
    });
    const copy = await readFile(destination);
    expect([bytes, progress.at(-1), progress.length > 1]).toEqual([3_000_000, 3_000_000, true]);
    expect(createHash('sha256').update(copy).digest('hex')).toBe(sha256);
    const { stdout } = await lab.exec('node1', 'sha256sum ~/work/out/deep/*new*');
    expect(stdout).toContain(sha256);

    const abort = new AbortController();
    const given = test.core.outputs.download(id, from, join(test.folder, 'part.bin'), {
      onProgress: () => abort.abort(),
      signal: abort.signal,
    });
    await expect(given).rejects.toBeInstanceOf(Cancelled);
    expect((await readdir(test.folder)).filter((name) => name.startsWith('part'))).toEqual([]);
    await expect(
      test.core.outputs.download(id, { host: 'node1', path: '../.ssh/id' }, destination),
    ).rejects.toMatchObject({ code: 'outputs.outside' });
    const gone = test.core.outputs.download(
      id,
      { host: 'node1', path: 'out/no.bin' },
      join(test.folder, 'no'),
    );
    await expect(gone).rejects.toThrow(/no\.bin/);
    expect(existsSync(join(test.folder, 'no'))).toBe(false);
  });

  it('follows a file while it grows, and when it begins anew', async () => {
    await configure(`    command: 'true'\n`);
    const id = await run();
    await lab.exec('node1', 'printf one >~/work/log.txt');
    const abort = new AbortController();
    let text = '';
    const followed = test.core.outputs.follow(
      id,
      { host: 'node1', path: 'log.txt' },
      {
        onBytes: (bytes, offset, restarted) => {
          if (restarted) text = '';
          expect(offset).toBe(text.length);
          text += bytes.toString();
        },
      },
      abort.signal,
    );
    await expect.poll(() => text).toBe('one');
    await lab.exec('node1', 'printf two >>~/work/log.txt');
    await expect.poll(() => text).toBe('onetwo');
    await lab.exec('node1', 'printf new >~/work/log.txt');
    await expect.poll(() => text).toBe('new');
    abort.abort();
    await expect(followed).rejects.toBeInstanceOf(Cancelled);
  });

  it('goes on from the newest checkpoint', async () => {
    await configure(`    command: [sh, -c, 'echo "$CHECKPOINT: $*"', sh, --epochs, '2']
    resume: { newest: 'ckpt/*.pt', args: [--resume, '\${checkpoint}'] }
`);
    await expect(test.core.runs.launch('train', { resume: true }, say)).rejects.toMatchObject({
      code: 'run.noCheckpoint',
    });
    const make =
      'mkdir -p ~/work/ckpt && cd ~/work/ckpt && touch -d @1700000000 "$1" && touch -d @1600000000 old.pt';
    for (const host of ['node1', 'node2']) await lab.exec(host, make.replaceAll('$1', 'e 9.pt'));
    const id = await run({ resume: true });
    for (const worker of test.core.runs.get(id)!.workers) {
      const log = await readFile(test.core.runs.logFile(id, worker.id), 'utf8');
      expect(log).toBe('ckpt/e 9.pt: --epochs 2 --resume ckpt/e 9.pt\n');
    }
    await lab.exec('node1', 'rm -r ~/work/ckpt');
    await lab.exec('node2', 'rm -rf ~/work/ckpt');
  });

  it('records commit, config, launch and versions, and what the program printed', async () => {
    const git = (...words: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        cwd: test.folder,
        encoding: 'utf8',
      });
    await configure(`    command: [/usr/bin/python3, -c, "print('start with arguments Namespace(lr=0.1, net=\\'r50\\')')"]
    params: { lr: 1 }
    config: train.json
    packages: [torch, not-there]
`);
    await writeFile(join(test.folder, 'train.json'), '{"lr": 1}');
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    const id = await run({ set: { lr: '3' }, name: 'My try' });
    expect(id).toContain('-train-my-try-');
    expect(test.core.runs.get(id)).toMatchObject({ name: 'My try' });
    const { record, hyperparameters } = await test.core.runs.record(id);
    expect(hyperparameters).toEqual({ lr: '0.1', net: 'r50' });
    expect(record?.git).toMatchObject({ commit: git('rev-parse', 'HEAD').trim(), isDirty: false });
    expect(record?.config?.text).toBe('{"lr": 1}');
    expect(record?.launch.params).toEqual({ lr: '3' });
    expect(record?.yaml).toMatch(/^ {2}train:\n[^]*packages: \[torch, not-there\]/);
    const ask = '/usr/bin/python3 -c \'import importlib.metadata as m; print(m.version("torch"))\'';
    const torch = (await lab.exec('node1', ask)).stdout.trim();
    expect(record?.packages.map(({ hosts }) => hosts)).toEqual(
      homes === 'shared' ? [['node1', 'node2']] : [['node1'], ['node2']],
    );
    for (const { versions, reason } of record?.packages ?? []) {
      expect(reason).toBeUndefined();
      expect(versions['torch']).toBe(torch);
      expect(versions['not-there']).toBeNull();
    }
  });

  it('tells once what ended while no window was open', async () => {
    await configure(`    command: 'while [ ! -e ~/go ]; do sleep 0.1; done'\n`);
    expect(await test.core.runs.endedWhileAway()).toEqual([]);
    const { id } = await test.core.runs.launch('train', {}, say);
    test.core.dispose();
    for (const host of ['node1', 'node2']) await lab.exec(host, 'touch ~/go');
    await expect.poll(() => lab.processesWith(id)).toEqual([]);
    await test.restart();
    test.core.runs.attachAll();
    const away = await test.core.runs.endedWhileAway();
    expect(away.map((one) => [one.id, one.state.kind])).toEqual([[id, 'ended']]);
    await test.restart();
    test.core.runs.attachAll();
    expect(await test.core.runs.endedWhileAway()).toEqual([]);
    // What a window sees end is no news at the next start.
    const { id: seen } = await test.core.runs.launch('train', {}, say);
    await runReaches(test, seen, isOver);
    await test.restart();
    test.core.runs.attachAll();
    expect(await test.core.runs.endedWhileAway()).toEqual([]);
  });

  it('cleans old runs, but none that runs and none whose host does not answer', async () => {
    await configure(`    command: 'true'
  long: { cluster: lab, launcher: ssh, command: sleep 600 }
`);
    keep = { days: 30, count: 0 };
    const { id: long } = await test.core.runs.launch('long', {}, say);
    const id = await run();
    lab.stopSshd('node2');
    await test.restart();
    await test.core.runs.clean();
    expect(test.core.runs.all.map((one) => one.id).sort()).toEqual([id, long].sort());
    expect(existsSync(join(test.stateDir, 'runs', id))).toBe(true);
    await lab.startSshd('node2');
    await test.core.runs.clean();
    expect(test.core.runs.all.map((one) => one.id)).toEqual([long]);
    expect(test.log.some((line) => line.includes(id) && line.includes('removed'))).toBe(true);
    for (const host of ['node1', 'node2']) {
      const left = (await lab.exec(host, 'ls ~/.rankwise/runs')).stdout.split('\n');
      expect([left.includes(id), left.includes(long)]).toEqual([false, true]);
    }
    await test.core.runs.stop(long, say);
  });
});
