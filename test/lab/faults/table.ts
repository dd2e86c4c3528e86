import { expect } from 'vitest';
import { isOver } from '../../support/testCore';
import { letGo, printed, reaches, until, type Cell } from './cell';
import { limitMemory } from './limitMemory';

/** A row of docs/faults.md: what happens, to what, and what is so in the end. */
export interface Fault {
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

export const endedWell = (): object => ({ kind: 'ended', exit: { code: 0 }, by: 'itself', proven: true });
const pause = (seconds: number): Promise<void> => new Promise((r) => setTimeout(r, seconds * 1000));
const isLost = (cell: Cell): Promise<unknown> =>
  reaches(cell, 'a lost contact', ({ contact }) => contact[cell.host]?.kind === 'unreachable');
const isBack = (cell: Cell): Promise<unknown> =>
  reaches(cell, 'contact', ({ contact }) => contact[cell.host]?.kind === 'connected');

/** Nothing comes from the host for 30 s; the run goes on and is followed again. */
export async function loseLink(
  cell: Cell,
  cut: (host: string) => Promise<void>,
  restore: (host: string) => Promise<void>,
): Promise<void> {
  const cutAt = Date.now();
  await cut(cell.host);
  await isLost(cell);
  expect(cell.test.core.runs.get(cell.id)?.state).toEqual({ kind: 'running' });
  await pause(30 - (Date.now() - cutAt) / 1000);
  await restore(cell.host);
  await isBack(cell);
  await letGo(cell);
}

/** What a full disk still takes: the rest of the page on which a log ends. */
const page = 4096;

/** A log is told to be incomplete since what the program had put out then, or a little more that still had room. */
export async function expectFullSince(since: number | undefined, told: () => Promise<number>): Promise<void> {
  // It notes what went out once it has gone out.
  await until('a note of what was put out', async () => (await told()) >= (since ?? 0));
  expect((await told()) - (since ?? -Infinity)).toBeLessThan(page);
}

/** What is the same under every launcher whose ranks have logs of their own. */
export const faults: readonly Fault[] = [
  {
    name: 'link down 30 s',
    prints: 'steps',
    ownHost: true,
    happens: (cell) => loseLink(cell, cell.lab.cut, cell.lab.restore),
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
      const told = (): Promise<number> => printed(cell, worker?.rank ?? -1);
      await expectFullSince(worker?.incompleteSince, told);
      const full = await told();
      await cell.lab.freeDisk(cell.host);
      await until('more output', async () => (await told()) > full);
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
