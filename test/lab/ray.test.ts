import { copyFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repository } from '../../scripts/machine/repository.mjs';
import type { RunView } from '../../src/runs/model';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';
import { takeTurnsWithRay } from '../support/rayTurn';

const say = (): undefined => undefined;
const examples = ['train.py', 'config.json', 'tune.py', 'tune.json'];

// Starting a Ray takes seconds of several cores: on a busy machine a minute.
describe('Ray on 2 hosts', { timeout: 900_000 }, () => {
  let lab: Lab;
  let test: TestCore;

  takeTurnsWithRay();
  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'shared' });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    test = await createTestCore(lab.sshConfigFile);
    for (const file of examples) {
      await copyFile(join(repository, 'examples/ray', file), join(test.folder, file));
    }
  });
  afterEach(async () => {
    // A test that failed leaves nothing running beside the next.
    for (const { id, state } of test.core.runs.all) {
      if (state.kind === 'running') await test.core.runs.stop(id, say);
    }
    await test.dispose();
  });

  /** `launches` below clusters with a recent Ray (`lab`) and the oldest one (`oldest`). */
  const config = (launches: string): string =>
    `version: 1
clusters:
${(['field', 'ray-oldest'] as const)
  .map(
    (python) => `  ${python}:
    hosts: [node1, node2]
    workdir: ~/ray-${python}
    setup: export PATH=${lab.python(python)}/bin:$PATH
`,
  )
  .join('')}launches:
${launches}`;

  const launch = (name: string, python: string, command: string, more = ''): string =>
    `  ${name}:
    cluster: ${python}
    launcher: ray
    command: ${command}
    files: [${examples.join(', ')}]
${more}`;

  async function start(launches: string, name: string): Promise<string> {
    await test.configure(config(launches));
    expect(test.core.config.current?.problems).toEqual([]);
    return (await test.core.runs.launch(name, {}, say)).id;
  }

  const driverLog = (id: string): Promise<string> =>
    readFile(test.core.runs.logFile(id, 'node1/driver'), 'utf8');

  /** Waits until the driver has printed something. */
  async function driverSays(id: string, pattern: RegExp, timeout = 300_000): Promise<string> {
    await expect.poll(() => driverLog(id).catch(() => ''), { timeout, interval: 200 }).toMatch(pattern);
    return driverLog(id);
  }

  /** Processes of the run and what it has below /tmp. */
  async function left(id: string): Promise<unknown[]> {
    const processes = test.core.runs.get(id)?.plan.processes ?? [];
    const directories = processes.map(({ env }) => dirname(env['RAY_AUTH_TOKEN_PATH'] ?? ''));
    const found = await Promise.all(
      lab.hosts.map(async ({ name }) => (await lab.exec(name, `ls -d ${directories.join(' ')}`)).stdout),
    );
    return [...(await lab.processesWith(id)), ...found.filter((paths) => paths.startsWith('/tmp'))];
  }

  const endedWell = ({ state }: RunView): void =>
    expect(state).toEqual({
      kind: 'ended',
      exit: { code: 0, process: undefined },
      by: 'itself',
      proven: true,
    });

  it('trains one model on both hosts by Ray Train, and leaves nothing', async () => {
    const id = await start(
      launch('train', 'field', 'python train.py --storage ~/results', '    ray: { numCpus: 2 }\n'),
      'train',
    );
    endedWell(await runReaches(test, id, isOver, 350_000));
    const log = await driverLog(id);
    expect(log).toMatch(/rankwise: Ray 2\.\d+\.\d+ is ready after [\d.]+ s: 2 hosts, 4 CPUs, 0 GPUs/);
    expect(log).not.toContain('no lock');
    expect(await left(id)).toEqual([]);
  });

  it('runs two Rays side by side: stopping one leaves the other, whose trials each have a GPU', async () => {
    const both =
      launch('train', 'field', 'python train.py --storage ~/results --steps 10000 --pace 0.1') +
      launch('tune', 'field', 'python tune.py --storage ~/results', '    ray: { numCpus: 2, numGpus: 2 }\n');
    const training = await start(both, 'train');
    await driverSays(training, /RayTrainWorker.*Epoch 0 step 3 /);
    const { id: tuning } = await test.core.runs.launch('tune', {}, say);
    await driverSays(tuning, /Ray .* is ready .* 4 GPUs/);
    expect((await test.core.runs.stop(training, say)).unproven).toEqual([]);
    expect(test.core.runs.get(training)?.state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
    expect(await lab.processesWith(training)).toEqual([]);
    endedWell(await runReaches(test, tuning, isOver, 350_000));
    expect(await driverLog(tuning)).toMatch(/^best 0\.4 0\.7840$/m);
    expect(await left(tuning)).toEqual([]);
  });

  it('ends its nodes although nobody follows any more', async () => {
    const id = await start(launch('brief', 'field', "'sleep 5; echo done'"), 'brief');
    await driverSays(id, /is ready/);
    test.core.dispose();
    await expect.poll(() => left(id), { timeout: 300_000, interval: 500 }).toEqual([]);
    await test.restart();
    test.core.runs.attachAll();
    endedWell(await runReaches(test, id, isOver, 120_000));
  });

  it('says which host has not joined', async () => {
    // Long enough for the head to come up on a busy machine.
    const more = '    ray: { joinSeconds: 40 }\n    stop: { interruptSeconds: 1, terminateSeconds: 1 }\n';
    const id = await start(launch('lost', 'field', "'echo never'", more), 'lost');
    // A node that hangs while it starts neither joins nor ends.
    const halt = async (): Promise<number | null> =>
      (await lab.exec('node2', "pkill -STOP -f '[r]ay start'")).code;
    await expect.poll(halt, { timeout: 60_000, interval: 50 }).toBe(0);
    const { state } = await runReaches(test, id, isOver, 300_000);
    expect(state).toMatchObject({ kind: 'ended', exit: { code: 1, process: 'node1/driver' }, proven: true });
    expect(await driverLog(id)).toContain('node2 has not joined Ray within 40 s');
    expect(await left(id)).toEqual([]);
  });

  it('names the host whose Ray cannot reach its head, without waiting for it any longer', async () => {
    const more = '    ray: { joinSeconds: 400, nodeArgs: [--address, "192.0.2.1:1"] }\n';
    const id = await start(launch('astray', 'field', "'echo never'", more), 'astray');
    const { state } = await runReaches(test, id, isOver, 350_000);
    expect(state).toMatchObject({
      kind: 'ended',
      exit: { code: 1, process: 'node2/ray-node' },
      message: expect.stringContaining('could not be reached') as string,
      proven: true,
    });
    expect(await left(id)).toEqual([]);
  });

  it('runs on the oldest Ray, which has no lock', async () => {
    const id = await start(
      launch('tune', 'ray-oldest', 'python tune.py --gpus 0', '    ray: { numCpus: 2 }\n'),
      'tune',
    );
    endedWell(await runReaches(test, id, isOver, 350_000));
    const log = await driverLog(id);
    expect(log).toMatch(/Ray 2\.5\.1 is ready .* 2 hosts/);
    expect(log).toContain('this Ray has no lock on its door');
    expect(log).toMatch(/^best 0\.4 0\.7840$/m);
    expect(await left(id)).toEqual([]);
  });

  it('submits a job, and stops it', async () => {
    const more = '    ray: { mode: submit }\n';
    const jobs =
      launch('good', 'field', `'echo "$PWD $MARK" && exit 3'`, `${more}    env: { MARK: "it's" }\n`) +
      launch(
        'long',
        'field',
        "'while :; do echo up; sleep 0.5; done'",
        // `ray job stop` is a program that takes long to start on a busy machine.
        `${more}    stop: { interruptSeconds: 120 }\n`,
      );
    const good = await start(jobs, 'good');
    const { state } = await runReaches(test, good, isOver, 350_000);
    expect(state).toMatchObject({ kind: 'ended', exit: { code: 1, process: 'node1/driver' }, proven: true });
    expect(await driverLog(good)).toMatch(/^\/home\/trainer\/ray-field it's$/m);
    const { id: long } = await test.core.runs.launch('long', {}, say);
    await driverSays(long, /^up$/m);
    expect((await test.core.runs.stop(long, say)).unproven).toEqual([]);
    expect(await driverLog(long)).toMatch(/Job '.*' was stopped/);
    expect([...(await left(good)), ...(await left(long))]).toEqual([]);
  });

  it('uses a Ray that somebody else started, and leaves it alone', async () => {
    const bin = `${lab.python('field')}/bin`;
    const [node1] = lab.hosts;
    const address = node1?.address ?? '';
    const ray = await lab.exec(
      'node1',
      `${bin}/ray start --head --node-ip-address=${address} --port=6379 --dashboard-port=8265 --num-cpus=2 --disable-usage-stats`,
    );
    expect(ray.code).toBe(0);
    try {
      // It says that it runs before it takes jobs.
      const takesJobs = async (): Promise<string> => {
        const { code, stdout, stderr } = await lab.exec(
          'node1',
          `${bin}/ray job submit --address http://127.0.0.1:8265 -- true`,
        );
        return code === 0 ? 'taken' : stdout + stderr;
      };
      await expect.poll(takesJobs, { timeout: 180_000, interval: 1000 }).toBe('taken');
      const launches =
        launch('driver', 'field', 'python tune.py --gpus 0', `    ray: { address: "${address}:6379" }\n`) +
        launch(
          'job',
          'field',
          "'while :; do echo up; sleep 0.5; done'",
          '    ray: { address: "http://127.0.0.1:8265", mode: submit }\n',
        );
      const driver = await start(launches, 'driver');
      const { id: job } = await test.core.runs.launch('job', {}, say);
      await driverSays(job, /^up$/m);
      endedWell(await runReaches(test, driver, isOver, 350_000));
      expect(await driverLog(driver)).toMatch(/^best 0\.4 0\.7840$/m);
      expect((await test.core.runs.stop(job, say)).unproven).toEqual([]);
      const { stdout } = await lab.exec('node1', `${bin}/ray job list --address http://127.0.0.1:8265`);
      expect(stdout).toContain('STOPPED');
    } finally {
      await lab.exec('node1', `${bin}/ray stop --force`);
    }
  });
});
