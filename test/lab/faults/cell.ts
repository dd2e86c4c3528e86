import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { RunView } from '../../../src/runs/model';
import type { Lab } from '../../support/lab';
import type { TestCore } from '../../support/testCore';

/** A run that something happens to. */
export interface Cell {
  lab: Lab;
  test: TestCore;
  id: string;
  /** The host that is disturbed. */
  host: string;
  /** Where each rank keeps what it printed, as we see it. */
  truth: string;
}

/** Asks until it is so; unlike `expect.poll` also in tests that run side by side. @throws Error saying what did not come */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 120_000,
  shown: () => unknown = () => '',
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline)
      throw new Error(`waited ${timeoutMs} ms for ${what} ${JSON.stringify(await shown())}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until the run's view is so, and gives it. */
export async function reaches(
  { test, id }: Pick<Cell, 'test' | 'id'>,
  what: string,
  isSo: (view: RunView) => boolean,
  timeoutMs?: number,
): Promise<RunView> {
  const view = (): RunView => {
    const found = test.core.runs.get(id);
    if (found === undefined) throw new Error(`there is no run ${id}`);
    return found;
  };
  const shown = (): unknown => {
    const { state, contact, workers } = view();
    return { state, contact, workers: workers.map((worker) => [worker.id, worker.state, worker.logBytes]) };
  };
  await until(what, () => isSo(view()), timeoutMs, shown);
  return view();
}

/** Makes the directory of a cell's truth, which every host sees below `/mnt`. */
export async function makeTruth(lab: Lab, name: string): Promise<string> {
  const directory = join(lab.truth.outside, name);
  await mkdir(directory);
  await chmod(directory, 0o777);
  return directory;
}

/** Lets the program of a cell end. */
export const letGo = ({ truth }: Pick<Cell, 'truth'>): Promise<void> => writeFile(join(truth, 'go'), '');

/** Bytes that a rank has printed so far. */
export const printed = ({ truth }: Pick<Cell, 'truth'>, rank: number): Promise<number> =>
  sizeOf(join(truth, String(rank)));

/** Hash of a file; of nothing where there is none, as an empty log is not in the cache. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  if ((await sizeOf(file)) === 0) return hash.digest('hex');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Every log of the run is the same on its host and in the cache, byte for byte; the result is their number. */
export async function expectCached({ lab, test, id }: Cell): Promise<number> {
  const view = test.core.runs.get(id);
  let count = 0;
  for (const { name } of view?.plan.hosts ?? []) {
    const cache = dirname(test.core.runs.logFile(id, `${name}/any`));
    const { stdout } = await lab.exec(name, `cd ~/.rankwise/runs/${id}/${name} && sha256sum -- *.log`);
    for (const line of stdout.trim().split('\n')) {
      const [hash = '', log = ''] = line.split(/\s+/);
      expect([name, log, await sha256(join(cache, log))]).toEqual([name, log, hash]);
      count++;
    }
  }
  return count;
}

/** Without its beginning: where a disk was full, a line goes on behind a part of another. */
export const pointLine = 'Epoch 0 step [0-9]+ loss [0-9.]+ [0-9.]+ samples/s$';

/** Each line with a value has become one point. */
export async function expectPoints({ test, id }: Cell, workers: readonly string[]): Promise<void> {
  const metrics = await test.core.openMetrics(id);
  try {
    for (const worker of workers) {
      const { stdout } = await promisify(execFile)('grep', [
        '-acE',
        pointLine,
        test.core.runs.logFile(id, worker),
      ]);
      expect([worker, metrics.points(worker, 'throughput').length]).toEqual([worker, Number(stdout)]);
    }
  } finally {
    metrics.dispose();
  }
}

/**
 * What each rank knows to have printed is what its log says.
 * @param killed it may have been killed between printing a line and noting it.
 */
export async function expectTruth(cell: Cell, view: RunView, killed: boolean): Promise<void> {
  for (const { id, rank } of view.workers) {
    const told = await readFile(join(cell.truth, String(rank)));
    const log = await readFile(cell.test.core.runs.logFile(cell.id, id));
    expect(told.length).toBeGreaterThan(0);
    if (killed) expect(log.length - told.length).toBeLessThan(100);
    else expect(log.length).toBe(told.length);
    expect(log.subarray(0, told.length).equals(told)).toBe(true);
  }
}

/** Bytes of a file; 0 where there is none. */
export const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

const bigLine = `${'x'.repeat(1023)}\n`;
const bigEnds = [
  'Epoch 0 step 0 loss 0.5000 100.0 samples/s\n',
  'Epoch 0 step 1 loss 0.5000 101.0 samples/s\n',
];

/** Hash of what mode `big` of print.py prints; with `joined` of the same without ends of lines. */
export function bigLog(joined = false): string {
  const plain = (text: string): string => (joined ? text.replaceAll('\n', '') : text);
  const hash = createHash('sha256');
  const block = Buffer.from(plain(bigLine).repeat(1024));
  hash.update(plain(bigEnds[0] ?? ''));
  for (let megabyte = 0; megabyte < 1024; megabyte++) hash.update(block);
  hash.update(plain(bigEnds[1] ?? ''));
  return hash.digest('hex');
}
