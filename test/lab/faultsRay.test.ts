import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunView } from '../../src/runs/model';
import type { Lab } from '../support/lab';
import { isOver } from '../support/testCore';
import { takeTurnsWithRay } from '../support/rayTurn';
import {
  bigLog,
  expectCached,
  letGo,
  makeTruth,
  printed,
  reaches,
  sizeOf,
  until,
  type Cell,
} from './faults/cell';
import { crashController } from './faults/crashController';
import { loseLaptop } from './faults/loseLaptop';
import {
  expectDriverTruth,
  expectRayPoints,
  expectWorkersGone,
  expectWorkersTruth,
  processesOf,
  tagsOf,
} from './faults/rayTruth';
import { createRig, type Rig } from './faults/rig';
import { endedWell, expectFullSince, faults, loseLink } from './faults/table';

const say = (): undefined => undefined;
const port = 6379;

/** A row of docs/faults.md for Ray. */
interface RayFault {
  name: string;
  /** Mode of faults/rayPrint.py. */
  prints: string;
  /** Hosts of the launch; the first is that of the driver. One alone uses the Ray that all share, two have one of their own. */
  hosts: readonly string[];
  /** What happens once both workers have printed. Where it is missing, the output itself is the fault. */
  happens?: (cell: Cell) => Promise<void>;
  ends: (cell: Cell) => object;
  /** The driver or Ray does not end by itself, or loses its output. */
  cut?: true;
}

/** The shared Ray has its workers on node1 and node2; the hosts behind them have drivers alone. */
const shared = ['node1', 'node2', 'node3', 'node4', 'node5'];
const driverLog = ({ host }: Pick<Cell, 'host'>): string => `${host}/driver`;
const nameOf = ({ name }: { name: string }): string => `${name} ray`.replaceAll(/[^A-Za-z0-9]+/g, '-');
const happensTo = (name: string): ((cell: Cell) => Promise<void>) => {
  const happens = faults.find((fault) => fault.name === name)?.happens;
  if (happens === undefined) throw new Error(`the table has no ${name}`);
  return happens;
};

/** The host drops what it has for us; the other hosts reach it. Ray itself gives a host up that is silent for that long. */
async function silence({ lab }: Cell, host: string, how: 'add' | 'delete'): Promise<void> {
  const subnet = lab.hosts[0]?.address.replace(/\.\d+$/, '') ?? '';
  const { code, stderr } = await lab.exec(host, `ip route ${how} blackhole ${subnet}.254/32`, {
    user: 'root',
  });
  expect([code, stderr]).toEqual([0, '']);
}

async function fillDisk(cell: Cell): Promise<void> {
  const since = (view: RunView): number | undefined => view.incompleteLogs?.[driverLog(cell)];
  await cell.lab.fillDisk(cell.host);
  const view = await reaches(cell, 'an incomplete log', (one) => since(one) !== undefined);
  expect(view.state).toEqual({ kind: 'running' });
  const told = (): Promise<number> => sizeOf(join(cell.truth, 'driver'));
  await expectFullSince(since(view), told);
  const full = await told();
  await cell.lab.freeDisk(cell.host);
  await until('more output', async () => (await told()) > full);
  await letGo(cell);
}

/** Ray gives a host up that is silent for long; only then does it come back. */
async function loseNode(cell: Cell): Promise<void> {
  await cell.lab.powerOff('node9');
  const isOver = async (): Promise<boolean> =>
    (await cell.lab.processesWith(cell.id)).every(({ command }) => !command.includes('rayPrint.py'));
  await until('the end of the driver', isOver, 180_000);
  await cell.lab.powerOn('node9');
}

/** Gives worker 1 64 MB more than it has, and no more. */
async function limitMemory(cell: Cell): Promise<void> {
  const { host, pid } = (await processesOf(cell))[1] ?? { host: '', pid: '' };
  const group = `/sys/fs/cgroup/memory/rankwise-${cell.id}`;
  const asRoot = { user: 'root' } as const;
  const limit = `mkdir ${group} && echo 67108864 >${group}/memory.limit_in_bytes && echo ${pid} >${group}/cgroup.procs`;
  expect(await cell.lab.exec(host, limit, asRoot)).toMatchObject({ code: 0 });
  await letGo(cell);
  await reaches(cell, 'the end', isOver);
  await expectWorkersGone(cell);
  expect(await cell.lab.exec(host, `rmdir ${group}`, asRoot)).toMatchObject({ code: 0 });
}

const ofDriver =
  (code: number): RayFault['ends'] =>
  (cell) => ({
    kind: 'ended',
    exit: { code, process: driverLog(cell) },
    by: 'itself',
    proven: true,
  });

const rayFaults: readonly RayFault[] = [
  {
    name: 'link down 30 s',
    prints: 'steps',
    hosts: ['node3'],
    happens: (cell) =>
      loseLink(
        cell,
        (host) => silence(cell, host, 'add'),
        (host) => silence(cell, host, 'delete'),
      ),
    ends: endedWell,
  },
  {
    name: 'sshd killed',
    prints: 'steps',
    hosts: ['node4'],
    happens: happensTo('sshd killed'),
    ends: endedWell,
  },
  { name: 'disk full', prints: 'slow', hosts: ['node5'], happens: fillDisk, ends: endedWell, cut: true },
  {
    name: 'OOM kill',
    prints: 'memory',
    hosts: ['node1'],
    happens: limitMemory,
    ends: ofDriver(1),
    cut: true,
  },
  {
    name: 'host of the driver rebooted',
    prints: 'steps',
    hosts: ['node8', 'node6'],
    happens: happensTo('host rebooted'),
    ends: ({ host }) => ({ kind: 'gone', hosts: [host] }),
    cut: true,
  },
  {
    name: 'another host rebooted once Ray has given it up',
    prints: 'steps',
    hosts: ['node7', 'node9'],
    happens: loseNode,
    ends: ofDriver(1),
    cut: true,
  },
  {
    name: 'SIGTERM ignored',
    prints: 'ignores',
    hosts: ['node6', 'node7'],
    happens: async ({ test, id }) => {
      const steps: string[] = [];
      const { unproven } = await test.core.runs.stop(id, (step) => void steps.push(step));
      expect(unproven).toEqual([]);
      expect(steps.join(' ')).toMatch(/SIGINT.*SIGTERM.*SIGKILL.*nothing is left/);
    },
    ends: (cell) => ({
      kind: 'ended',
      exit: { code: 137, process: driverLog(cell) },
      by: 'stop',
      proven: true,
    }),
    cut: true,
  },
  ...[
    { name: '100,000 lines/s', prints: 'fast' },
    { name: 'line of 10 MB', prints: 'long' },
    { name: 'binary output', prints: 'binary' },
    { name: 'no newline at the end', prints: 'unended' },
  ].map((fault) => ({ ...fault, hosts: ['node1'], ends: endedWell })),
];
const laptop = { name: 'laptop killed', prints: 'steps', hosts: ['node6', 'node7'] };
const big = { name: 'log of 1 GB', prints: 'big', hosts: ['node2'] };

/** The run is over as it should be, nothing is left of it, and every byte of its logs is here once. */
async function expectEnd(cell: Cell, ends: object, logs: number, log = driverLog(cell)): Promise<void> {
  const { state } = await reaches(cell, 'the end', isOver, 300_000);
  expect(state).toMatchObject(ends);
  expect(await expectCached(cell)).toBe(logs);
  expect(await tagsOf(cell)).toHaveLength(2);
  await expectRayPoints(cell, log);
  expect(await cell.lab.processesWith(cell.id)).toEqual([]);
}

/** A Ray of the run's own has a log of each of its nodes, and takes its directories away. */
async function expectOver(cell: Cell, { hosts, ends }: Pick<RayFault, 'hosts' | 'ends'>): Promise<void> {
  const isOwn = hosts.length > 1;
  await expectEnd(cell, ends(cell), isOwn ? 3 : 1);
  if (!isOwn) return expectWorkersGone(cell);
  const token = cell.test.core.runs.get(cell.id)?.plan.processes[0]?.env['RAY_AUTH_TOKEN_PATH'] ?? '';
  for (const host of hosts) {
    expect((await cell.lab.exec(host, `test -e ${token.replace(/\/token$/, '')}`)).code).toBe(1);
  }
}

async function expectTruth(cell: Cell, cut: boolean): Promise<void> {
  await expectDriverTruth(cell, driverLog(cell), cut);
  await expectWorkersTruth(cell, driverLog(cell), cut);
}

async function start({ lab, test }: Rig, fault: Pick<RayFault, 'name'>, host: string): Promise<Cell> {
  const truth = await makeTruth(lab, nameOf(fault));
  const { id } = await test.core.runs.launch(nameOf(fault), {}, say);
  return { lab, test, id, host, truth };
}

/** The state of the run, and how its logs on the hosts end. */
async function lastWords({ lab, test, id }: Cell): Promise<unknown> {
  const view = test.core.runs.get(id);
  const logs = (view?.plan.hosts ?? []).map(async ({ name }) => {
    const command =
      `cd ~/.rankwise/runs/${id}/${name} && tail -n 20 *.log; ps -eo pid,ppid,stat,etimes,time,args | cut -c 1-150; ` +
      'tail -n 15 /tmp/rankwise-*/ray/session_latest/logs/{gcs_server.out,raylet.out,raylet.err,worker-*.err}';
    return [name, (await lab.exec(name, command)).stdout];
  });
  return [view?.state, ...(await Promise.all(logs))];
}

/** Each worker has printed lines, and some of each are here. */
async function bothPrint(cell: Cell): Promise<void> {
  const over = (): boolean => {
    const view = cell.test.core.runs.get(cell.id);
    return view !== undefined && isOver(view);
  };
  // Longer than Ray may take to join, so that the run says first what hinders it.
  await until(
    'lines of each worker',
    async () => over() || ((await printed(cell, 0)) > 100 && (await printed(cell, 1)) > 100),
    400_000,
    () => lastWords(cell),
  );
  if (over()) throw new Error(`it is over before both print: ${JSON.stringify(await lastWords(cell))}`);
  const tags = await tagsOf(cell);
  expect(tags).toHaveLength(2);
  const file = cell.test.core.runs.logFile(cell.id, driverLog(cell));
  for (const tag of tags) {
    const isThere = (): Promise<boolean> =>
      promisify(execFile)('grep', ['-qaF', `${tag} Epoch`, file]).then(
        () => true,
        () => false,
      );
    await until(`a line of ${tag} in the cache`, isThere);
  }
  expect(cell.test.core.runs.get(cell.id)?.state).toEqual({ kind: 'running' });
}

async function prove(rig: Rig, fault: RayFault): Promise<void> {
  const cell = await start(rig, fault, fault.hosts[0] ?? '');
  if (fault.happens !== undefined) {
    await bothPrint(cell);
    await fault.happens(cell);
  }
  await expectOver(cell, fault);
  await expectTruth(cell, fault.cut === true);
}

/** 1 GB of one worker through Ray and the log of its driver. */
async function proveBig(rig: Rig): Promise<void> {
  const cell = await start(rig, big, 'node2');
  await expectOver(cell, { ...big, ends: endedWell });
  const [tag = ''] = await tagsOf(cell);
  const log = rig.test.core.runs.logFile(cell.id, driverLog(cell));
  const script = 'grep -aF "$1 " "$2" | cut -b "$3-" | tr -d "\\n" | sha256sum';
  const words = ['-c', script, 'sh', tag, log, String(tag.length + 2)];
  const { stdout } = await promisify(execFile)('sh', words);
  expect(stdout.split(' ')[0]).toBe(bigLog(true));
  await rig.test.core.runs.remove(cell.id);
}

/** Starts the Ray that the cells share. */
async function startRay(lab: Lab): Promise<void> {
  // Its workers have its environment.
  const ray = `RAY_TRAIN_ENABLE_PRINT_PATCH=0 ${lab.python('field')}/bin/ray start --disable-usage-stats`;
  const [head, ...others] = lab.hosts.filter(({ name }) => shared.includes(name));
  const start = async (host: (typeof lab.hosts)[number] | undefined, options: string): Promise<void> => {
    const command = `${ray} --node-ip-address=${host?.address} ${options}`;
    const { code, stderr } = await lab.exec(host?.name ?? '', command);
    if (code !== 0) throw new Error(`Ray did not start on ${host?.name}: ${stderr}`);
  };
  await start(head, `--head --port=${port} --num-cpus=32`);
  // One by one: on a busy machine Ray gives a node up that does not come up within 30 s.
  for (const host of others) {
    await start(host, `--address=${head?.address}:${port} --num-cpus=${host.name === 'node2' ? 32 : 0}`);
  }
}

const command = (fault: { name: string; prints: string }): string =>
  `exec python /mnt/rayPrint.py ${fault.prints} /mnt/${nameOf(fault)}`;

// Each of them keeps two cores busy while it starts.
vi.setConfig({ maxConcurrency: 2 });

describe('faults under Ray', { timeout: 900_000 }, () => {
  let rig: Rig;

  takeTurnsWithRay();
  beforeAll(async () => {
    const all = [laptop, big, ...rayFaults];
    rig = await createRig({ hosts: 9, homes: 'each', homeSize: '2500m' }, (lab) => ({
      clusters: all
        .map((fault) => {
          const setup = `export PATH=${lab.python('field')}/bin:$PATH`;
          return `  ${nameOf(fault)}: { hosts: [${fault.hosts.join(', ')}], setup: "${setup}" }\n`;
        })
        .join(''),
      launches: all
        .map((fault) => {
          const address = `${lab.hosts[0]?.address}:${port}`;
          const ray = fault.hosts.length > 1 ? 'numCpus: 4, joinSeconds: 240' : `address: "${address}"`;
          const stop = 'stop: { interruptSeconds: 2, terminateSeconds: 2 }';
          return `  ${nameOf(fault)}: { cluster: ${nameOf(fault)}, launcher: ray, ray: { ${ray} }, ${stop}, command: ${command(fault)} }\n`;
        })
        .join(''),
    }));
    await startRay(rig.lab);
  }, 600_000);
  afterAll(() => rig.dispose());

  it.concurrent.each(rayFaults)('$name, ray', (fault) => prove(rig, fault));
  it.concurrent('log of 1 GB, ray', () => proveBig(rig));
  it.concurrent('laptop killed, ray', () =>
    loseLaptop(rig, nameOf(laptop), { host: 'node6', log: 'node6/driver' }, async (cell) => {
      await expectOver(cell, { ...laptop, ends: endedWell });
      await expectTruth(cell, false);
    }),
  );
});

describe('faults under Ray in a job of Slurm', { timeout: 900_000 }, () => {
  const fault = { name: 'slurmctld restarted', prints: 'steps' };
  let rig: Rig;

  takeTurnsWithRay();
  beforeAll(async () => {
    rig = await createRig({ hosts: 2, homes: 'shared', slurm: { gpus: 0 } }, (lab) => {
      const setup = `export PATH=${lab.python('field')}/bin:$PATH`;
      const ray = 'ray: { numCpus: 4, joinSeconds: 240 }';
      return {
        clusters: `  site: { login: head, setup: "${setup}", slurm: { pollSeconds: 10 } }\n`,
        launches: `  ${nameOf(fault)}: { cluster: site, launcher: ray, nodes: 2, ${ray}, command: ${command(fault)} }\n`,
      };
    });
  });
  afterAll(() => rig.dispose());

  it('slurmctld restarted, ray', async () => {
    const cell = await start(rig, fault, 'head');
    const { test, id } = cell;
    await until(
      'lines of each worker',
      async () => (await printed(cell, 0)) > 100 && (await printed(cell, 1)) > 100,
      400_000,
      () => lastWords(cell),
    );
    await crashController(cell);
    expect(test.core.runs.get(id)?.state).toEqual({ kind: 'running' });
    await letGo(cell);
    // srun carries both outputs of the driver, each by itself: their order is not that in which they were put out.
    await expectEnd(cell, endedWell(), 2, 'head/batch');
    await expectWorkersTruth(cell, 'head/batch', false);
  });
});
