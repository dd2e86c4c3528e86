import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../support/cli';
import type { RunView } from '../../src/runs/model';
import { createLab, type Lab, type LabOptions } from '../support/lab';
import { createTestCore, isOver, type TestCore } from '../support/testCore';
import {
  bigLog,
  expectCached,
  expectPoints,
  expectTruth,
  letGo,
  makeTruth,
  printed,
  reaches,
  sha256,
  sizeOf,
  until,
  type Cell,
} from './faults/cell';
import { limitMemory } from './faults/limitMemory';

/** The table of docs/faults.md: what happens, to what, and what is so in the end. */
interface Fault {
  name: string;
  /** Mode of faults/print.py. */
  prints: string;
  /** What happens once every rank prints. Where it is missing, the output itself is the fault. */
  happens?: (cell: Cell) => Promise<void>;
  /** Takes it back, so that a test that failed does not disturb the next. */
  heal?: (cell: Cell) => Promise<void>;
  /** State of the run in the end. */
  ends: (cell: Cell) => object;
  /** The program does not end by itself. */
  killed?: true;
  /** It changes a host for all who use it, so it gets one of its own. */
  ownHost?: true;
}

const endedWell = (): object => ({ kind: 'ended', exit: { code: 0 }, by: 'itself', proven: true });
const say = (): undefined => undefined;
const pause = (seconds: number): Promise<void> => new Promise((r) => setTimeout(r, seconds * 1000));
const isLost = (cell: Cell): Promise<unknown> =>
  reaches(cell, 'a lost contact', ({ contact }) => contact[cell.host]?.kind === 'unreachable');
const isBack = (cell: Cell): Promise<unknown> =>
  reaches(cell, 'contact', ({ contact }) => contact[cell.host]?.kind === 'connected');

const faults: readonly Fault[] = [
  {
    name: 'link down 30 s',
    prints: 'steps',
    ownHost: true,
    happens: async (cell) => {
      const cutAt = Date.now();
      await cell.lab.cut(cell.host);
      await isLost(cell);
      expect(cell.test.core.runs.get(cell.id)?.state).toEqual({ kind: 'running' });
      await pause(30 - (Date.now() - cutAt) / 1000);
      await cell.lab.restore(cell.host);
      await isBack(cell);
      await letGo(cell);
    },
    heal: ({ lab, host }) => lab.restore(host),
    ends: endedWell,
  },
  {
    name: 'sshd killed',
    prints: 'steps',
    ownHost: true,
    happens: async (cell) => {
      cell.lab.stopSshd(cell.host);
      await isLost(cell);
      expect(cell.test.core.runs.get(cell.id)?.state).toEqual({ kind: 'running' });
      await cell.lab.startSshd(cell.host);
      await isBack(cell);
      await letGo(cell);
    },
    ends: endedWell,
  },
  {
    name: 'host rebooted',
    prints: 'steps',
    ownHost: true,
    happens: async (cell) => {
      await cell.lab.powerOff(cell.host);
      await isLost(cell);
      await cell.lab.powerOn(cell.host);
    },
    ends: ({ host }) => ({ kind: 'gone', hosts: [host] }),
    killed: true,
  },
  {
    name: 'disk full',
    prints: 'slow',
    ownHost: true,
    happens: async (cell) => {
      await cell.lab.fillDisk(cell.host);
      const view = await reaches(cell, 'an incomplete log', ({ workers }) =>
        workers.some(({ incompleteSince }) => incompleteSince !== undefined),
      );
      expect(view.state).toEqual({ kind: 'running' });
      const worker = view.workers.find(({ incompleteSince }) => incompleteSince !== undefined);
      expect(worker?.host).toBe(cell.host);
      expect(worker?.incompleteSince).toBe(await printed(cell, worker?.rank ?? -1));
      await cell.lab.freeDisk(cell.host);
      await until('more output', async () => {
        return (await printed(cell, worker?.rank ?? -1)) > (worker?.incompleteSince ?? Infinity);
      });
      await letGo(cell);
    },
    ends: endedWell,
  },
  {
    name: 'OOM kill',
    prints: 'memory',
    happens: async (cell) => {
      const free = await limitMemory(cell, 'print.py');
      await letGo(cell);
      await reaches(cell, 'the end', isOver);
      await free();
    },
    ends: ({ host }) => ({
      kind: 'ended',
      exit: { code: 137, process: `${host}/0` },
      by: 'workerExit',
      proven: true,
      explanation: { reason: { code: expect.stringMatching(/^outOfMemory/) as string } },
    }),
    killed: true,
  },
  { name: '100,000 lines/s', prints: 'fast', ends: endedWell },
  { name: 'line of 10 MB', prints: 'long', ends: endedWell },
  { name: 'binary output', prints: 'binary', ends: endedWell },
  { name: 'no newline at the end', prints: 'unended', ends: endedWell },
];

const program = 'exec /usr/bin/python3 /mnt/print.py';

/** A lab with a window and a command line on it. */
interface Rig {
  lab: Lab;
  test: TestCore;
  cli: Cli;
  dispose(): Promise<void>;
}

type Launcher = 'ssh' | 'mpirun' | 'slurm';
interface Named {
  name: string;
  launcher: Launcher;
  prints: string;
}

/** Logs of a run of two ranks: mpirun has its own, Slurm those of sbatch and the batch script. */
const logs: Record<Launcher, number> = { ssh: 2, mpirun: 3, slurm: 4 };
const nameOf = ({ name, launcher }: Omit<Named, 'prints'>): string =>
  `${name} ${launcher}`.replaceAll(/[^A-Za-z0-9]+/g, '-');
const laptop = { name: 'laptop killed', prints: 'steps' };
const big = { name: 'log of 1 GB', prints: 'big' };

async function createRig(options: LabOptions, clusters: string, launches: string): Promise<Rig> {
  const lab = await createLab(options);
  const test = await createTestCore(lab.sshConfigFile);
  const cli = await createCli(lab.sshConfigFile);
  const yaml = `version: 1\nclusters:\n${clusters}launches:\n${launches}`;
  await copyFile(join(repository, 'test/lab/faults/print.py'), join(lab.truth.outside, 'print.py'));
  await test.configure(yaml);
  await cli.configure(yaml);
  expect(test.core.config.current?.problems).toEqual([]);
  const looking = test.core.runs.watchQueues();
  return {
    lab,
    test,
    cli,
    dispose: async () => {
      looking.dispose();
      await test.dispose();
      await cli.dispose();
      await lab.dispose();
    },
  };
}

function launchOf(one: Named, cluster: string, size: string): string {
  const name = nameOf(one);
  const command = `${program} ${one.prints} /mnt/${name}`;
  return `  ${name}: { cluster: ${cluster}, launcher: ${one.launcher}, ${size}, command: ${command} }\n`;
}

const workersOf = ({ test, id }: Cell): string[] =>
  test.core.runs.get(id)?.workers.map((worker) => worker.id) ?? [];

async function start({ lab, test }: Rig, one: Named, host: string): Promise<Cell> {
  const truth = await makeTruth(lab, nameOf(one));
  const { id } = await test.core.runs.launch(nameOf(one), {}, say);
  return { lab, test, id, host, truth };
}

/** The run is over as it should be, nothing is left of it, and every byte of its logs is here once. */
async function expectEnd(cell: Cell, launcher: Launcher, ends: object): Promise<RunView> {
  const view = await reaches(cell, 'the end', isOver, 300_000);
  expect(view.state).toMatchObject(ends);
  expect(view.workers).toHaveLength(2);
  expect(await expectCached(cell)).toBe(logs[launcher]);
  await expectPoints(cell, workersOf(cell));
  expect(await cell.lab.processesWith(cell.id)).toEqual([]);
  return view;
}

async function prove(rig: Rig, fault: Fault & Named, host: string): Promise<void> {
  const cell = await start(rig, fault, host);
  if (fault.happens !== undefined) {
    const havePrinted = ({ state, workers }: RunView): boolean =>
      state.kind === 'running' && workers.length === 2 && workers.every(({ logBytes }) => logBytes > 100);
    await reaches(cell, 'lines of each rank', havePrinted);
    await fault.happens(cell).finally(() => fault.heal?.(cell));
  }
  const view = await expectEnd(cell, fault.launcher, fault.ends(cell));
  await expectTruth(cell, view, fault.killed === true);
}

async function proveBig(rig: Rig, one: Named): Promise<void> {
  const cell = await start(rig, one, 'node2');
  const view = await expectEnd(cell, one.launcher, endedWell());
  const first = view.workers.find(({ rank }) => rank === 0)?.id ?? '';
  expect(await sha256(rig.test.core.runs.logFile(cell.id, first))).toBe(bigLog());
  await rig.test.core.runs.remove(cell.id);
}

/** The process that follows is killed; another one catches up. */
async function proveLaptop({ lab, cli }: Rig, one: Named): Promise<void> {
  const truth = await makeTruth(lab, nameOf(one));
  const follower = cli.start('launch', nameOf(one), '--wait', '--json');
  const [line] = (await once(follower.stdout.setEncoding('utf8'), 'data')) as [string];
  const { id } = JSON.parse(line.split('\n')[0] ?? '') as { id: string };
  const test = await createTestCore(lab.sshConfigFile, 'reject', cli.stateDir);
  try {
    const cell: Cell = { lab, test, id, host: 'node2', truth };
    const first = one.launcher === 'slurm' ? 'head/0' : 'node1/0';
    await until('lines in the cache', async () => (await sizeOf(test.core.runs.logFile(id, first))) > 500);
    follower.kill('SIGKILL');
    await once(follower, 'exit');
    const before = await printed(cell, 0);
    await until('lines that nobody follows', async () => (await printed(cell, 0)) > before + 2000);
    await letGo(cell);
    expect((await cli.run('follow', id)).code).toBe(0);
    await test.restart();
    await expectTruth(cell, await expectEnd(cell, one.launcher, endedWell()), false);
  } finally {
    await test.dispose();
  }
}

describe('faults under ssh and mpirun', { timeout: 400_000 }, () => {
  const launchers = ['ssh', 'mpirun'] as const;
  const cells = faults.flatMap((fault) => launchers.map((launcher) => ({ ...fault, launcher })));
  const laptops = launchers.map((launcher) => ({ ...laptop, launcher }));
  const bigs = launchers.map((launcher) => ({ ...big, launcher }));
  /** node1 and node2 are for all; the others for one cell each. */
  const owners = cells.filter(({ ownHost }) => ownHost);
  const hostOf = (cell: (typeof cells)[number]): string =>
    cell.ownHost ? `node${owners.indexOf(cell) + 3}` : 'node2';
  let rig: Rig;

  beforeAll(async () => {
    const all = [
      ...cells.map((cell) => ({ ...cell, host: hostOf(cell) })),
      ...[...laptops, ...bigs].map((cell) => ({ ...cell, host: 'node2' })),
    ];
    const hosts = (host: string): string => `[{ host: node1, slots: 1 }, { host: ${host}, slots: 1 }]`;
    rig = await createRig(
      { hosts: owners.length + 2, homes: 'each', homeSize: '2500m' },
      all.map((cell) => `  ${nameOf(cell)}: { hosts: ${hosts(cell.host)} }\n`).join(''),
      all.map((cell) => launchOf(cell, nameOf(cell), 'np: 2')).join(''),
    );
  });
  afterAll(() => rig.dispose());

  it.concurrent.each(cells)('$name, $launcher', (cell) => prove(rig, cell, hostOf(cell)));
  it.concurrent.each(laptops)('$name, $launcher', (cell) => proveLaptop(rig, cell));
  it.concurrent.each(bigs)('$name, $launcher', (cell) => proveBig(rig, cell));
});

/** What is otherwise for Slurm: logs lie on the disk that all share, and are read through the login node. */
const slurmFaults = [
  ...faults.flatMap((fault): (Fault & Named)[] => {
    const cell = { ...fault, launcher: 'slurm' as const };
    // Proved in slurmRuns.test.ts: a login node and a compute node without power.
    if (fault.name === 'host rebooted') return [];
    if (fault.name !== 'OOM kill') return [cell];
    const ends = (): object => ({
      kind: 'ended',
      exit: { code: 137, process: 'head/1' },
      by: 'itself',
      proven: true,
    });
    return [{ ...cell, ends }];
  }),
  {
    name: 'slurmctld restarted',
    launcher: 'slurm' as const,
    prints: 'steps',
    ownHost: true as const,
    happens: async (cell: Cell) => {
      await cell.lab.slurm.restartController();
      await letGo(cell);
    },
    ends: endedWell,
  },
];

describe('faults under Slurm', { timeout: 400_000 }, () => {
  const alone = slurmFaults.filter(({ ownHost }) => ownHost);
  const together = slurmFaults.filter(({ ownHost }) => !ownHost);
  const laptops = [{ ...laptop, launcher: 'slurm' as const }];
  const bigs = [{ ...big, launcher: 'slurm' as const }];
  let rig: Rig;

  beforeAll(async () => {
    rig = await createRig(
      // The head is cut off from us alone: a node that its controller does not hear for long is given up by Slurm.
      { hosts: 2, homes: 'shared', homeSize: '2500m', slurm: { gpus: 0 }, behindHead: true },
      '  site: { login: head, slurm: { pollSeconds: 10 } }\n',
      [...slurmFaults, ...laptops, ...bigs].map((cell) => launchOf(cell, 'site', 'nodes: 2')).join(''),
    );
  });
  afterAll(() => rig.dispose());

  it.concurrent.each(together)('$name, $launcher', (cell) => prove(rig, cell, 'node2'));
  it.concurrent.each(laptops)('$name, $launcher', (cell) => proveLaptop(rig, cell));
  it.concurrent.each(bigs)('$name, $launcher', (cell) => proveBig(rig, cell));
  it.each(alone)('$name, $launcher', (cell) => prove(rig, cell, 'head'));
});
