import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GroupJson } from '../../src/cli/groups';
import type { RunJson } from '../../src/cli/runTable';
import { createCli, type Cli } from '../support/cli';
import { createLab, type Lab } from '../support/lab';

describe('trials on 2 hosts', () => {
  let lab: Lab;
  let cli: Cli;
  let truth = '';
  let round = 0;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each' });
    cli = await createCli(lab.sshConfigFile);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });
  beforeEach(async () => {
    truth = join(lab.truth.outside, String(++round));
    await mkdir(truth, { mode: 0o777 });
    await lab.exec('node1', `chmod 777 ${lab.truth.inside}/${round}`, { user: 'root' });
    await cli.configure(config());
  });

  /** Each trial writes when it begins and ends, and says when its slot is used by two. */
  const body = (middle: string): string =>
    [
      'slot=$TRUTH/slot-$(uname -n)-$CUDA_VISIBLE_DEVICES',
      'mkdir $slot 2>/dev/null || echo "$trial $slot" >>$TRUTH/clashes',
      'echo "begin $(uname -n) $CUDA_VISIBLE_DEVICES $lr $RANK/$WORLD_SIZE" >>$TRUTH/$trial.trial',
      middle,
      'echo end >>$TRUTH/$trial.trial',
      'rmdir $slot',
    ].join('; ');
  const config = (): string => `version: 1
clusters:
  lab:
    hosts: [{ host: node1, slots: 2, gpus: 2 }, { host: node2, slots: 2, gpus: 2 }]
    env: { TRUTH: "${lab.truth.inside}/${round}" }
launches:
  grid:
    cluster: lab
    launcher: ssh
    command: |
      [ "$RANK" != 0 ] || echo "begin $size $lr" >>$TRUTH/$trial.trial
      echo "Epoch: [0] [1/1] accuracy=0.$lr samples/s=$((size * 100))"
      echo "--- $((10 * size)) seconds ---"
    params: { size: 1, lr: 1 }
    matrix: { size: [1, 2], lr: [5, 7] }
    repeat: 2
  spread:
    cluster: lab
    launcher: ssh
    command: '${body('sleep 2')}'
    params: { lr: 1 }
    matrix: { lr: [1, 2, 3] }
    repeat: 2
    parallel: slots
  held:
    cluster: lab
    launcher: ssh
    command: '${body('while [ ! -e $TRUTH/go ]; do sleep 0.2; done')}'
    params: { lr: 1 }
    matrix: { lr: [1, 2, 3] }
    repeat: 2
    parallel: slots
  flaky:
    cluster: lab
    launcher: ssh
    command: 'echo begin >>$TRUTH/$trial.trial; [ $lr != 2 ] || [ -e $TRUTH/mended ]'
    np: 1
    params: { lr: 1 }
    matrix: { lr: [1, 2, 3] }
`;

  const groupsIn = (stdout: string): GroupJson[] =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as GroupJson);
  const written = async (): Promise<Record<string, string[]>> => {
    const names = (await readdir(truth)).filter((name) => name.endsWith('.trial'));
    const texts = await Promise.all(names.map((name) => readFile(join(truth, name), 'utf8')));
    return Object.fromEntries(
      names.map((name, index) => [name.replace('.trial', ''), (texts[index] ?? '').trimEnd().split('\n')]),
    );
  };
  const listed = async (group: string): Promise<RunJson[]> => {
    const { stdout } = await cli.run('runs', '--json');
    return (JSON.parse(stdout) as RunJson[]).filter((run) => run.group === group);
  };

  it('runs a matrix of 2 x 2, twice each, one after the other, and compares', async () => {
    const { code, stdout, stderr } = await cli.run('launch', 'grid', '--wait', '--json', '--name', 'sizes');
    expect(stderr).toContain('8 done, 0 failed');
    expect(code).toBe(0);
    const [begun, ended] = groupsIn(stdout);
    expect(begun?.trials.map(({ id, label }) => [id, label]).slice(0, 3)).toEqual([
      ['size-1-lr-5-r1', 'size 1 · lr 5 · run 1 of 2'],
      ['size-1-lr-5-r2', 'size 1 · lr 5 · run 2 of 2'],
      ['size-1-lr-7-r1', 'size 1 · lr 7 · run 1 of 2'],
    ]);
    expect(begun?.trials.filter(({ state }) => state === 'queued')).toHaveLength(7);
    expect(ended?.trials.every(({ state, run }) => state === 'done' && run !== null)).toBe(true);
    expect(
      Object.values(await written())
        .map(String)
        .sort(),
    ).toEqual([
      'begin 1 5',
      'begin 1 5',
      'begin 1 7',
      'begin 1 7',
      'begin 2 5',
      'begin 2 5',
      'begin 2 7',
      'begin 2 7',
    ]);
    const runs = await listed(ended?.group ?? '');
    expect(runs).toHaveLength(8);
    // One at a time: none began before the one before it had ended.
    const inOrder = runs.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
    inOrder.slice(1).forEach((run, index) => {
      expect(Date.parse(run.startedAt)).toBeGreaterThanOrEqual(Date.parse(inOrder[index]?.endedAt ?? ''));
    });
    expect(inOrder.at(-1)).toMatchObject({ trial: 'size-2-lr-7-r2', values: { size: '2', lr: '7' } });

    const compared = await cli.run('compare', ended?.group ?? '');
    expect(compared.stdout.split('\n').slice(2)).toEqual([
      expect.stringMatching(/^\| size 1 · lr 5 \| 4 \| 10\.0 ± 0\.0 \(100 %\)/),
      expect.stringMatching(/^\| size 1 · lr 7 \| 4 \| 10\.0 ± 0\.0 \(100 %\)/),
      expect.stringMatching(/^\| size 2 · lr 5 \| 4 \| 20\.0 ± 0\.0 \(200 %\)/),
      expect.stringMatching(/^\| size 2 · lr 7 \| 4 \| 20\.0 ± 0\.0 \(200 %\)/),
      '',
    ]);
  });

  it('puts one trial on each free slot with its GPU', async () => {
    const { stderr, code } = await cli.run('launch', 'spread', '--wait');
    expect([code, stderr]).toEqual([0, expect.stringContaining('6 done')]);
    const lines = await written();
    expect(Object.keys(lines)).toHaveLength(6);
    expect(await readdir(truth)).not.toContain('clashes');
    for (const [trial, [begin, end, ...more]] of Object.entries(lines)) {
      const lr = /^lr-(\d)/.exec(trial)?.[1];
      expect(begin).toMatch(new RegExp(`^begin node[12] [01] ${lr} 0/1$`));
      expect([end, more]).toEqual(['end', []]);
    }
    const places = new Set(Object.values(lines).map(([begin]) => begin?.split(' ').slice(1, 3).join(' ')));
    expect([...places].sort()).toEqual(['node1 0', 'node1 1', 'node2 0', 'node2 1']);
  });

  it('goes on in another process where one was killed: each trial runs once', async () => {
    const first = cli.start('launch', 'held', '--wait', '--json');
    await expect.poll(async () => Object.keys(await written()).length).toBeGreaterThan(1);
    first.kill('SIGKILL');
    await writeFile(join(truth, 'go'), '');
    const { stdout, code, stderr } = await cli.run('follow', 'held', '--json');
    expect([code, stderr]).toEqual([0, expect.stringContaining('6 done')]);
    const lines = await written();
    expect(Object.values(lines).map((one) => [one.length, one[1]])).toEqual(
      Array.from({ length: 6 }, () => [2, 'end']),
    );
    expect(await readdir(truth)).not.toContain('clashes');
    const [group] = groupsIn(stdout);
    expect(await listed(group?.group ?? '')).toHaveLength(6);
  });

  it('shares a queue between two processes, and stops it with proof', async () => {
    const first = cli.start('launch', 'held', '--wait');
    const ended = new Promise<number | null>((resolve) => first.on('close', resolve));
    await expect.poll(async () => Object.keys(await written()).length).toBe(4);
    const second = cli.start('follow', 'held');
    const secondEnded = new Promise<number | null>((resolve) => second.on('close', resolve));
    // What a trial writes comes before the word of its launch that it runs.
    const running = async (): Promise<RunJson[]> =>
      (JSON.parse((await cli.run('runs', '--json')).stdout) as RunJson[]).filter(
        ({ state }) => state === 'running',
      );
    await expect.poll(running).toHaveLength(4);
    const runs = await running();
    const stopped = await cli.run('stop', 'held', '--json');
    expect(stopped.code).toBe(0);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ proven: true, unproven: [] });
    for (const { id } of runs) expect(await lab.processesWith(id)).toEqual([]);
    expect(await Promise.all([ended, secondEnded])).toEqual([1, 1]);
    expect(Object.keys(await written())).toHaveLength(4);
  });

  it('goes on after a failure, and runs only the failed ones again', async () => {
    const first = await cli.run('launch', 'flaky', '--wait', '--json');
    expect([first.code, first.stderr]).toEqual([1, expect.stringContaining('2 done, 1 failed')]);
    const group = groupsIn(first.stdout)[1];
    expect(group?.trials.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'lr-1 done',
      'lr-2 failed',
      'lr-3 done',
    ]);
    await writeFile(join(truth, 'mended'), '');
    const again = await cli.run('retry', 'flaky', '--json');
    const trials = groupsIn(again.stdout).at(-1)?.trials;
    expect(trials?.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(await written()).toEqual({
      'lr-1': ['begin'],
      'lr-2': ['begin', 'begin'],
      'lr-3': ['begin'],
    });
  });
});
