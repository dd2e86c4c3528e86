import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredRun } from '../../src/runs/registry';
import { createCli, type Cli } from '../support/cli';
import { createLab, type Lab } from '../support/lab';

describe('the command line', () => {
  let lab: Lab;
  let cli: Cli;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each' });
    cli = await createCli(lab.sshConfigFile);
    await cli.configure(`version: 1
clusters:
  lab:
    hosts: [{ host: node1, slots: 2 }, { host: node2, slots: 2 }]
  held:
    hosts: [{ host: node1, slots: 2 }, { host: node2, slots: 2 }]
    setup: while [ -e ~/hold ]; do sleep 0.1; done
  strange:
    hosts: [nowhere.invalid]
launches:
  short:
    cluster: lab
    launcher: ssh
    command: RANKWISE_TRUTH_DIR=${lab.truth.inside} exec /usr/bin/python3 ~/ddp.py --epochs 1 --steps 20
  long:
    cluster: lab
    launcher: ssh
    command: echo up; exec sleep 900
  held:
    cluster: held
    launcher: ssh
    command: exec sleep 900
  failing:
    cluster: lab
    launcher: ssh
    command: 'echo to fail; exit 3'
  unreachable: { cluster: strange, launcher: ssh, command: 'true' }
`);
  });
  afterAll(async () => {
    await cli.dispose();
    await lab.dispose();
  });

  it('shows a plan without asking any host', async () => {
    const { code, stdout } = await cli.run('plan', 'short');
    expect(code).toBe(0);
    expect(stdout).toContain('Plan of short: ssh on lab, 4 workers on 2 hosts');
    expect(stdout).toContain('export RANK=3');
  });

  it('launches, follows to the end, and gives every point that was printed', async () => {
    const { id, code } = await cli.launchAndWait('short');
    expect(code).toBe(0);
    const run = await cli.inspect(id);
    expect(run).toMatchObject({ launch: 'short', state: 'ended', exit: 0, by: 'itself', unreachable: {} });
    expect(run.workers.map(({ rank, host }) => [rank, host])).toEqual([
      [0, 'node1'],
      [1, 'node1'],
      [2, 'node2'],
      [3, 'node2'],
    ]);
    const points = await cli.points(id);
    for (const rank of [0, 1, 2, 3]) {
      const printed = (await readFile(join(lab.truth.outside, `rank-${rank}.log`), 'utf8'))
        .trimEnd()
        .split('\n');
      const own = points.filter((point) => point.rank === rank && point.name === 'throughput');
      expect(own.map(({ value }) => value)).toEqual(
        printed.map((line) => Number(/([\d.]+) samples\/s/.exec(line)![1])),
      );
      expect(own.every(({ unit, time }) => unit === 'samples/s' && time !== null)).toBe(true);
    }
  });

  it('leaves a run running when it ends, finds it again, prints its lines, and stops it with proof', async () => {
    const { stdout, code } = await cli.run('launch', 'long');
    const id = stdout.trim();
    expect(code).toBe(0);
    expect(await cli.inspect(id)).toMatchObject({ state: 'running', exit: null });
    expect((await lab.processesWith(id)).length).toBeGreaterThanOrEqual(4);
    const said = async (host: string): Promise<string> =>
      (await lab.exec(host, `cat ~/.rankwise/runs/${id}/${host}/[01].log`)).stdout;
    for (const host of ['node1', 'node2']) await expect.poll(() => said(host)).toBe('up\nup\n');
    const stopped = await cli.run('stop', 'long#1');
    expect(stopped.code).toBe(0);
    expect(await lab.processesWith(id)).toEqual([]);
    const followed = await cli.run('follow', id);
    expect(followed.stdout.split('\n').filter((line) => line.endsWith('up'))).toHaveLength(4);
    expect(followed.stdout).toContain('[3 node2] up');
    expect(await cli.inspect(id)).toMatchObject({ state: 'ended', by: 'stop' });
  });

  const stored = async (id: string): Promise<StoredRun> =>
    JSON.parse(await readFile(join(cli.stateDir, 'runs', id, 'run.json'), 'utf8')) as StoredRun;
  /** Halts a launch when others can see it; the lines of set-up keep it from starting anything until then. */
  const haltedLaunch = async () => {
    const runs = join(cli.stateDir, 'runs');
    const known = (): string[] => (existsSync(runs) ? readdirSync(runs) : []);
    const before = known();
    await lab.exec('node2', 'touch ~/hold');
    const child = cli.start('launch', 'held');
    const ended = once(child, 'exit');
    const fresh = (): string | undefined =>
      known().find((id) => !before.includes(id) && existsSync(join(runs, id, 'run.json')));
    await expect.poll(fresh).toBeDefined();
    child.kill('SIGSTOP');
    await lab.exec('node2', 'rm ~/hold');
    return { child, ended, id: fresh() ?? '' };
  };

  it('leaves a launch alone that another terminal prepares', async () => {
    const { child, ended, id } = await haltedLaunch();
    expect(await cli.inspect(id)).toMatchObject({ state: 'preparing' });
    expect((await stored(id)).final).toBeUndefined();
    child.kill('SIGCONT');
    expect(await ended).toEqual([0, null]);
    expect(await cli.inspect(id)).toMatchObject({ state: 'running' });
    expect((await cli.run('stop', id)).code).toBe(0);
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it('stops a launch that another terminal prepares, and that gives up', async () => {
    const { child, ended, id } = await haltedLaunch();
    const stopped = cli.run('stop', id);
    await expect.poll(async () => (await stored(id)).stopAsked).toBe('stop');
    child.kill('SIGCONT');
    expect((await stopped).code).toBe(0);
    expect(await ended).not.toEqual([0, null]);
    expect(await lab.processesWith(id)).toEqual([]);
    expect(await cli.inspect(id)).toMatchObject({ state: 'ended', by: 'stop' });
  });

  it('takes the start away where a launch was killed in the middle, and only then says that it never began', async () => {
    const { child, ended, id } = await haltedLaunch();
    child.kill('SIGKILL');
    await ended;
    expect(await cli.inspect(id)).toMatchObject({ state: 'ended', by: 'failedToStart' });
    for (const host of ['node1', 'node2'])
      expect((await lab.exec(host, `ls ~/.rankwise/runs/${id}/${host}/started`)).stdout).toBe('taken\n');
    expect((await cli.run('stop', id)).code).toBe(0);
  });

  it('ends what a run left behind when it is stopped once more, and keeps the proof', async () => {
    const { id } = await cli.launchAndWait('short');
    const run = await stored(id);
    const left = 'not proven empty: node1: still running: sleep (1)';
    const final = { ...run.final, message: left, proven: false };
    await writeFile(join(cli.stateDir, 'runs', id, 'run.json'), JSON.stringify({ ...run, final }));
    const marks = `RANKWISE_RUN_ID=${id} RANKWISE_HOST=node1`;
    await lab.exec('node1', `env ${marks} setsid sleep 600 </dev/null >/dev/null 2>&1 &`);
    await expect.poll(() => lab.processesWith(id)).toHaveLength(1);
    const { code, stdout } = await cli.run('stop', id, '--json');
    expect([code, JSON.parse(stdout)]).toEqual([0, { id, proven: true, unproven: [] }]);
    expect(await lab.processesWith(id)).toEqual([]);
    expect((await stored(id)).final).toEqual({ ...run.final, proven: true });
  });

  it('ends with the status of a run that failed', async () => {
    const { code, stderr } = await cli.launchAndWait('failing');
    expect(code).toBe(3);
    expect(stderr).toContain('to fail');
  });

  it('fails with the reason where a launch, a run or a host is not there', async () => {
    const unknown = await cli.run('launch', 'shrot');
    expect([unknown.code, unknown.stdout]).toEqual([1, '']);
    expect(unknown.stderr).toContain('there is no launch "shrot"');
    const host = await cli.run('launch', 'unreachable');
    expect(host.code).toBe(1);
    expect(host.stderr).toContain('nowhere.invalid');
    expect((await cli.run('stop', 'nothing')).stderr).toContain('there is no run nothing');
    expect((await cli.run('launch')).code).toBe(2);
  });
});
