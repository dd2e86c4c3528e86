import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PythonName } from '../../scripts/machine/ensurePython.mjs';
import type { RunView } from '../../src/runs/model';
import { createLab, type Lab } from '../support/lab';
import { createTestCore, isOver, runReaches, type TestCore } from '../support/testCore';

const say = (): undefined => undefined;

interface Row {
  what: string;
  python?: PythonName;
  launch: string;
  /** A metric that every worker prints. */
  metric: string;
  /** Whether the launcher tells ranks; MXNet's workers print them. */
  ranks?: boolean;
  /** Processes with logs beside the workers. */
  others?: string[];
}

const ddp = 'command: python ~/ddp.py --epochs 2 --steps 5';
const horovod = 'command: python ~/horovod_train.py --epochs 1 --steps 20';
const mxnet = 'command: [python, /home/trainer/mxnet_train.py, --num-epochs, "1", --batches, "41"]';

const rows: Row[] = [
  {
    what: 'mpirun with a Horovod training',
    python: 'horovod',
    launch: `launcher: mpirun
    ${horovod}
    mpirun: { args: [--tag-output] }`,
    metric: 'loss',
  },
  {
    what: 'horovodrun over gloo',
    python: 'horovod',
    launch: `launcher: horovodrun
    ${horovod}`,
    metric: 'loss',
  },
  {
    what: 'horovodrun over Open MPI',
    python: 'horovod',
    launch: `launcher: horovodrun
    ${horovod}
    horovodrun: { controller: mpi }`,
    metric: 'loss',
  },
  { what: 'torchrun', launch: `launcher: torchrun\n    ${ddp}`, metric: 'throughput' },
  {
    what: 'torch.distributed.launch',
    launch: `launcher: torchrun
    ${ddp}
    torchrun: { program: torch.distributed.launch }`,
    metric: 'throughput',
  },
  {
    what: 'deepspeed',
    // DeepSpeed itself would compile a part of its own on every host first.
    launch: `launcher: deepspeed\n    ${ddp}`,
    metric: 'throughput',
  },
  {
    what: 'accelerate',
    launch: `launcher: accelerate
    command: [python, /home/trainer/accelerate_train.py]`,
    metric: 'throughput',
  },
  {
    what: 'ssh, a HpBandSter search with its master as the service',
    python: 'hpbandster',
    launch: `launcher: ssh
    command: python ~/hpbandster_search.py --worker --id $RANK --shared $RANKWISE_TRUTH_DIR
    ssh: { service: python ~/hpbandster_search.py --workers 4 --shared $RANKWISE_TRUTH_DIR }`,
    metric: 'accuracy',
    others: ['node1/service'],
  },
  {
    what: 'mxnet, scheduler and servers by Rankwise',
    python: 'mxnet',
    launch: `launcher: mxnet
    ${mxnet}
    mxnet: { servers: 2 }`,
    metric: 'throughput',
    ranks: false,
    others: ['node1/scheduler', 'node1/server-0', 'node2/server-1'],
  },
  {
    what: "mxnet, by the user's launch.py",
    python: 'mxnet',
    launch: `launcher: mxnet
    ${mxnet}
    mxnet: { servers: 2, launchPy: ~/launch.py }`,
    metric: 'throughput',
    ranks: false,
    others: ['node1/scheduler-0', 'node1/server-0', 'node2/server-0'],
  },
];

/** Importing PyTorch in every process takes long on a busy machine. */
const timeout = 400_000;

describe('launchers on 2 hosts with 2 slots each', { timeout }, () => {
  let lab: Lab;
  let test: TestCore;
  let truth = 0;

  beforeAll(async () => {
    lab = await createLab({ hosts: 2, homes: 'each' });
  });
  afterAll(() => lab.dispose());
  beforeEach(async () => {
    test = await createTestCore(lab.sshConfigFile);
    truth++;
    await mkdir(join(lab.truth.outside, String(truth)), { mode: 0o777 });
    await lab.exec('node1', `chmod 777 ${lab.truth.inside}/${truth}`, { user: 'root' });
  });
  afterEach(async () => {
    const open = test.core.runs.all.filter((run) => !isOver(run));
    for (const { id } of open) await test.core.runs.stop(id, say);
    await test.dispose();
  });

  async function start(launch: string, python: PythonName = 'field', cluster = ''): Promise<string> {
    await test.configure(`version: 1
clusters:
  lab:
    hosts:
${lab.hosts.map(({ name, address }) => `      - { host: ${name}, peer: ${address}, slots: 2 }\n`).join('')}
    ${cluster}
    setup:
      - export PATH=${lab.python(python)}/bin:$PATH
      - export RANKWISE_TRUTH_DIR=${lab.truth.inside}/${truth}
launches:
  train:
    cluster: lab
    ${launch}
    env: { OMP_NUM_THREADS: "1" }
`);
    expect(test.core.config.current?.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    return (await test.core.runs.launch('train', {}, say)).id;
  }

  /** What all processes of a run said last, for a test that fails. */
  async function logs(id: string): Promise<string> {
    const said = await Promise.all(
      lab.hosts.map(({ name }) =>
        lab.exec(name, `cd ~/.rankwise/runs/${id}/${name} && tail -n 25 *.log *.exit`),
      ),
    );
    return said.map(({ stdout }) => stdout).join('\n');
  }

  /** Every worker has a log of its own with points, and ended well; nothing is left. */
  async function expectDone(view: RunView, metric: string, ranks = true): Promise<void> {
    expect(view.state, await logs(view.id)).toMatchObject({
      kind: 'ended',
      exit: { code: 0 },
      by: 'itself',
      proven: true,
    });
    expect(view.workers.map(({ id }) => id).sort()).toEqual(['node1/0', 'node1/1', 'node2/0', 'node2/1']);
    expect(view.workers.map(({ state }) => state)).toMatchObject(Array(4).fill({ kind: 'exited', code: 0 }));
    if (ranks) expect(view.workers.map(({ rank }) => rank)).toEqual([0, 1, 2, 3]);
    const metrics = await test.core.openMetrics(view.id);
    const counts = view.workers.map(({ id }) => metrics.points(id, metric as never).length);
    metrics.dispose();
    for (const count of counts) expect(count, counts.join()).toBeGreaterThan(0);
    expect(await lab.processesWith(view.id)).toEqual([]);
  }

  it.each(rows)('$what', async ({ launch, python, metric, ranks, others = [] }) => {
    const id = await start(launch, python);
    const view = await runReaches(test, id, isOver, 280_000).catch(async (error: unknown) => {
      throw new Error(`it does not end\n${await logs(id)}`, { cause: error });
    });
    await expectDone(view, metric, ranks);
    const written = await Promise.all(
      lab.hosts.map(async ({ name }) => {
        const { stdout } = await lab.exec(name, `cd ~/.rankwise/runs/${id}/${name} && ls *.log`);
        return stdout
          .trim()
          .split('\n')
          .map((log) => `${name}/${log.replace('.log', '')}`);
      }),
    );
    expect(written.flat()).toEqual(expect.arrayContaining(others));
    expect((await readdir(join(lab.truth.outside, String(truth)))).length).toBeGreaterThan(0);
  });

  it('torchrun with c10d starts the workers again after one failed', async () => {
    // It fails once all have started: one that ends before it has begun does not count as an attempt.
    const others =
      '[ -e $RANKWISE_TRUTH_DIR/up-0 -a -e $RANKWISE_TRUTH_DIR/up-2 -a -e $RANKWISE_TRUTH_DIR/up-3 ]';
    const fails =
      'touch $RANKWISE_TRUTH_DIR/up-$RANK; [ "$RANK$TORCHELASTIC_RESTART_COUNT" != 10 ] || ' +
      `{ until ${others}; do sleep 0.1; done; echo out of luck; exit 7; }`;
    const id = await start(`launcher: torchrun
    command: '${fails}; exec python ~/ddp.py --epochs 2 --steps 5'
    torchrun: { rendezvous: c10d, minNodes: 2, maxRestarts: 1 }`);
    const view = await runReaches(test, id, isOver, 280_000).catch(async (error: unknown) => {
      throw new Error(`it does not end\n${await logs(id)}`, { cause: error });
    });
    await expectDone(view, 'throughput');
    expect(view.workers.map(({ attempt }) => attempt)).toEqual([2, 2, 2, 2]);
    const failed = await Promise.all(
      view.workers.map(({ host, id: worker }) =>
        lab.exec(host, `grep -c 'out of luck' ~/.rankwise/runs/${id}/${worker}.log`),
      ),
    );
    expect(failed.filter(({ stdout }) => stdout.trim() === '1')).toHaveLength(1);
  });

  it.each([
    [
      'horovodrun',
      'horovod',
      'launcher: horovodrun\n    command: python ~/horovod_train.py --epochs 50 --pace 0.2',
    ],
    [
      'torchrun, which would start them again',
      'field',
      `launcher: torchrun
    command: python ~/ddp.py --epochs 50 --pace 0.2
    torchrun: { rendezvous: c10d, maxRestarts: 3 }`,
    ],
    [
      'launch.py',
      'mxnet',
      `launcher: mxnet
    command: python ~/mxnet_train.py --num-epochs 50 --pace 0.2
    mxnet: { servers: 1, launchPy: ~/launch.py }`,
    ],
  ] as const)('leaves nothing of a stopped run by %s', async (_, python, launch) => {
    const id = await start(launch, python);
    const areUp = ({ workers }: RunView): boolean =>
      workers.length === 4 && workers.every(({ logBytes }) => logBytes > 0);
    await runReaches(test, id, areUp, 200_000).catch(async (error: unknown) => {
      throw new Error(`not all workers come up\n${await logs(id)}`, { cause: error });
    });
    expect((await test.core.runs.stop(id, say)).unproven).toEqual([]);
    expect(test.core.runs.get(id)?.state).toMatchObject({ kind: 'ended', by: 'stop', proven: true });
    expect(await lab.processesWith(id)).toEqual([]);
    for (const { name } of lab.hosts) {
      const { stdout } = await lab.exec(name, 'pgrep -fa "_train.py|ddp.py|launch.py" || true');
      expect(stdout.split('\n').filter((line) => !line.includes('pgrep'))).toEqual(['']);
    }
  });

  it('mpirun from a head that is not the first host', async () => {
    const id = await start(
      `launcher: mpirun
    command: python ~/ddp.py --epochs 1 --steps 5`,
      'field',
      'head: node2',
    );
    const view = await runReaches(test, id, isOver, 280_000).catch(async (error: unknown) => {
      throw new Error(`it does not end\n${await logs(id)}`, { cause: error });
    });
    await expectDone(view, 'throughput', false);
    const planned = Object.fromEntries(view.plan.workers.map(({ id: worker, rank }) => [worker, rank]));
    expect(Object.fromEntries(view.workers.map(({ id: worker, rank }) => [worker, rank]))).toEqual(planned);
  });
});
