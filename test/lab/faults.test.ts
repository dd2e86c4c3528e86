import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../scripts/machine/repository.mjs';
import { createCli, type Cli } from '../support/cli';
import { createLab, type Lab } from '../support/lab';
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
      const [worker] = view.workers.filter(({ incompleteSince }) => incompleteSince !== undefined);
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
const launchers = ['ssh', 'mpirun'] as const;
const cells = faults.flatMap((fault) => launchers.map((launcher) => ({ ...fault, launcher })));
/** node1 and node2 are for all; the others for one cell each. */
const owners = cells.filter(({ ownHost }) => ownHost);
const nameOf = ({ name, launcher }: { name: string; launcher: string }): string =>
  `${name} ${launcher}`.replaceAll(/[^A-Za-z0-9]+/g, '-');

describe('faults under ssh and mpirun', { timeout: 400_000 }, () => {
  let lab: Lab;
  let test: TestCore;
  let cli: Cli;

  const hostOf = (cell: (typeof cells)[number]): string =>
    cell.ownHost ? `node${owners.indexOf(cell) + 3}` : 'node2';
  const launchOf = (name: string, launcher: string, mode: string): string =>
    `  ${name}:\n    cluster: ${name}\n    launcher: ${launcher}\n    np: 2\n    command: ${program} ${mode} /mnt/${name}\n`;
  const big = launchers.map((launcher) => ({ name: 'log of 1 GB', launcher, prints: 'big' }));
  const laptop = launchers.map((launcher) => ({ name: 'laptop killed', launcher, prints: 'steps' }));

  beforeAll(async () => {
    lab = await createLab({ hosts: owners.length + 2, homes: 'each', homeSize: '2500m' });
    await copyFile(join(repository, 'test/lab/faults/print.py'), join(lab.truth.outside, 'print.py'));
    test = await createTestCore(lab.sshConfigFile);
    cli = await createCli(lab.sshConfigFile);
    const all = [
      ...cells.map((cell) => ({ ...cell, host: hostOf(cell) })),
      ...[...big, ...laptop].map((cell) => ({ ...cell, host: 'node2' })),
    ];
    const yaml = [
      'version: 1\nclusters:\n',
      ...all.map(
        (cell) =>
          `  ${nameOf(cell)}: { hosts: [{ host: node1, slots: 1 }, { host: ${cell.host}, slots: 1 }] }\n`,
      ),
      'launches:\n',
      ...all.map((cell) => launchOf(nameOf(cell), cell.launcher, cell.prints)),
    ].join('');
    await test.configure(yaml);
    await cli.configure(yaml);
    expect(test.core.config.current?.problems).toEqual([]);
  });
  afterAll(async () => {
    await test.dispose();
    await cli.dispose();
    await lab.dispose();
  });

  const workersOf = (cell: Cell): string[] =>
    cell.test.core.runs.get(cell.id)?.workers.map(({ id }) => id) ?? [];

  it.concurrent.each(cells)('$name, $launcher', async (fault) => {
    const truth = await makeTruth(lab, nameOf(fault));
    const { id } = await test.core.runs.launch(nameOf(fault), {}, say);
    const cell: Cell = { lab, test, id, host: hostOf(fault), truth };
    if (fault.happens !== undefined) {
      await reaches(cell, 'lines of each rank', ({ workers }) =>
        workers.every(({ logBytes }) => logBytes > 100),
      );
      await fault.happens(cell);
    }
    const view = await reaches(cell, 'the end', isOver);
    expect(view.state).toMatchObject(fault.ends(cell));
    expect(await expectCached(cell)).toBe(fault.launcher === 'mpirun' ? 3 : 2);
    await expectTruth(cell, view, fault.killed === true);
    await expectPoints(cell, workersOf(cell));
    expect(await lab.processesWith(id)).toEqual([]);
  });

  it.concurrent.each(laptop)('$name, $launcher', async (fault) => {
    const truth = await makeTruth(lab, nameOf(fault));
    const follower = cli.start('launch', nameOf(fault), '--wait', '--json');
    const [line] = (await once(follower.stdout.setEncoding('utf8'), 'data')) as [string];
    const { id } = JSON.parse(line.split('\n')[0] ?? '') as { id: string };
    const after = await createTestCore(lab.sshConfigFile, 'reject', cli.stateDir);
    try {
      const cell: Cell = { lab, test: after, id, host: 'node2', truth };
      const cached = async (): Promise<boolean> =>
        (
          await Promise.all(workersOf(cell).map((worker) => sizeOf(after.core.runs.logFile(id, worker))))
        ).every((size) => size > 500);
      await until('lines in the cache', cached);
      follower.kill('SIGKILL');
      await once(follower, 'exit');
      const before = await printed(cell, 0);
      await until('lines that nobody follows', async () => (await printed(cell, 0)) > before + 2000);
      await letGo(cell);
      expect((await cli.run('follow', id)).code).toBe(0);
      await after.restart();
      const view = await reaches(cell, 'the end', isOver);
      expect(view.state).toMatchObject(endedWell());
      expect(await expectCached(cell)).toBe(fault.launcher === 'mpirun' ? 3 : 2);
      await expectTruth(cell, view, false);
      await expectPoints(cell, workersOf(cell));
      expect(await lab.processesWith(id)).toEqual([]);
    } finally {
      await after.dispose();
    }
  });

  it.concurrent.each(big)('$name, $launcher', async (fault) => {
    const truth = await makeTruth(lab, nameOf(fault));
    const { id } = await test.core.runs.launch(nameOf(fault), {}, say);
    const cell: Cell = { lab, test, id, host: 'node2', truth };
    const view = await reaches(cell, 'the end', isOver, 300_000);
    expect(view.state).toMatchObject(endedWell());
    await expectCached(cell);
    expect(await sha256(test.core.runs.logFile(id, 'node1/0'))).toBe(bigLog());
    await expectPoints(cell, workersOf(cell));
    expect(await lab.processesWith(id)).toEqual([]);
    await test.core.runs.remove(id);
  });
});
