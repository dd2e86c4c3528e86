import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/runs/model';
import { isOver } from '../support/testCore';
import {
  bigLog,
  expectCached,
  expectPoints,
  expectTruth,
  letGo,
  makeTruth,
  reaches,
  sha256,
  type Cell,
} from './faults/cell';
import { crashController } from './faults/crashController';
import { loseLaptop } from './faults/loseLaptop';
import { createRig, type Rig } from './faults/rig';
import { endedWell, faults, type Fault } from './faults/table';

const say = (): undefined => undefined;
const program = 'exec /usr/bin/python3 /mnt/print.py';

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
    // In Slurm it may have to wait for others of this file.
    await reaches(cell, 'lines of each rank', havePrinted, 400_000);
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
async function proveLaptop(rig: Rig, one: Named): Promise<void> {
  const first = one.launcher === 'slurm' ? 'head/0' : 'node1/0';
  await loseLaptop(rig, nameOf(one), { host: 'node2', log: first }, async (cell) =>
    expectTruth(cell, await expectEnd(cell, one.launcher, endedWell()), false),
  );
}

describe('faults under ssh and mpirun', { timeout: 900_000 }, () => {
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
    rig = await createRig({ hosts: owners.length + 2, homes: 'each', homeSize: '2500m' }, () => ({
      clusters: all.map((cell) => `  ${nameOf(cell)}: { hosts: ${hosts(cell.host)} }\n`).join(''),
      launches: all.map((cell) => launchOf(cell, nameOf(cell), 'np: 2')).join(''),
    }));
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
      await crashController(cell);
      await letGo(cell);
    },
    ends: endedWell,
  },
];

describe('faults under Slurm', { timeout: 900_000 }, () => {
  const alone = slurmFaults.filter(({ ownHost }) => ownHost);
  const together = slurmFaults.filter(({ ownHost }) => !ownHost);
  const laptops = [{ ...laptop, launcher: 'slurm' as const }];
  const bigs = [{ ...big, launcher: 'slurm' as const }];
  let rig: Rig;

  beforeAll(async () => {
    rig = await createRig(
      // The head is cut off from us alone: a node that its controller does not hear for long is given up by Slurm.
      { hosts: 2, homes: 'shared', homeSize: '2500m', slurm: { gpus: 0 }, behindHead: true },
      () => ({
        clusters: '  site: { login: head, slurm: { pollSeconds: 10 } }\n',
        launches: [...slurmFaults, ...laptops, ...bigs]
          .map((cell) => launchOf(cell, 'site', 'nodes: 2'))
          .join(''),
      }),
    );
  });
  afterAll(() => rig.dispose());

  it.concurrent.each(together)('$name, $launcher', (cell) => prove(rig, cell, 'node2'));
  it.concurrent.each(laptops)('$name, $launcher', (cell) => proveLaptop(rig, cell));
  it.concurrent.each(bigs)('$name, $launcher', (cell) => proveBig(rig, cell));
  it.each(alone)('$name, $launcher', (cell) => prove(rig, cell, 'head'));
});
