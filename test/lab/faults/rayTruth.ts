import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { pointLine, until, type Cell } from './cell';

const ranks = ['0', '1'] as const;
const newline = 0x0a;
const wholeLine = new RegExp(`^${pointLine}`);

/** What stands in front of the lines of each rank, once both have begun. */
export async function tagsOf({ truth }: Pick<Cell, 'truth'>): Promise<string[]> {
  const read = (rank: string): Promise<string> =>
    readFile(join(truth, `${rank}.tag`), 'utf8').catch(() => '');
  return (await Promise.all(ranks.map(read))).filter((tag) => tag !== '');
}

/** The processes of the workers, by their hosts. */
export function processesOf({ truth }: Pick<Cell, 'truth'>): Promise<{ host: string; pid: string }[]> {
  const read = async (rank: string): Promise<{ host: string; pid: string }> => {
    const [host = '', pid = ''] = (await readFile(join(truth, `${rank}.process`), 'utf8')).split(' ');
    return { host, pid };
  };
  return Promise.all(ranks.map(read));
}

/** No worker runs any more; in a Ray that goes on, which ends them soon after their driver. */
export async function expectWorkersGone(cell: Cell): Promise<void> {
  for (const { host, pid } of await processesOf(cell)) {
    const isGone = async (): Promise<boolean> =>
      (await cell.lab.exec(host, `test -e /proc/${pid}`)).code !== 0;
    await until(`the end of worker ${pid} on ${host}`, isGone, 30_000);
  }
}

/** Each line with a value has become one point of the rank whose tag it has. */
export async function expectRayPoints(cell: Cell, log: string): Promise<void> {
  const file = cell.test.core.runs.logFile(cell.id, log);
  const metrics = await cell.test.core.openMetrics(cell.id);
  try {
    for (const [rank, tag] of (await tagsOf(cell)).entries()) {
      const pattern = `^${tag.replaceAll(/[().]/g, '\\$&')} .*${pointLine}`;
      const { stdout } = await promisify(execFile)('grep', ['-acE', pattern, file]);
      expect([rank, metrics.points(`rank/${rank}`, 'throughput').length]).toEqual([rank, Number(stdout)]);
    }
  } finally {
    metrics.dispose();
  }
}

/**
 * What the driver put out is what its log says.
 * @param cut it may have been killed between putting out a line and noting it.
 */
export async function expectDriverTruth(cell: Cell, log: string, cut: boolean): Promise<void> {
  const bytes = withoutOurs(await readFile(cell.test.core.runs.logFile(cell.id, log)));
  const told = await readFile(join(cell.truth, 'driver'));
  expect(told.length).toBeGreaterThan(0);
  expect(bytes.subarray(0, told.length).equals(told)).toBe(true);
  expect(bytes.length - told.length).toBeLessThan(cut ? 1000 : 1);
}

/**
 * What each worker printed is what Ray showed of it.
 * @param cut Ray ended, or lost its output, before it had shown all: nothing may be missing up to the last whole line that
 * it showed. A signal makes a worker say more, and what the disk took of a line stands in front of another.
 */
export async function expectWorkersTruth(cell: Cell, log: string, cut: boolean): Promise<void> {
  const bytes = await readFile(cell.test.core.runs.logFile(cell.id, log));
  for (const [rank, tag] of (await tagsOf(cell)).entries()) {
    const lines = linesOf(bytes, tag);
    const shown = printable(Buffer.concat(lines));
    const told = await readFile(join(cell.truth, String(rank)));
    expect(shown.length).toBeGreaterThan(0);
    if (cut) {
      const whole = lines.map(String).filter((line) => wholeLine.test(line));
      const upTo = new Set(shownInOrder(shown, told));
      expect(upTo.size).toBeGreaterThan(0);
      expect([rank, whole.filter((line) => !upTo.has(line))]).toEqual([rank, []]);
    } else {
      const all = printable(told);
      expect([rank, shown.length]).toEqual([rank, all.length]);
      expect([rank, all.equals(shown)]).toEqual([rank, true]);
    }
  }
}

/** The lines that were printed, in order, up to the first one that was not shown, whether whole or in pieces. */
function shownInOrder(shown: Buffer, told: Buffer): string[] {
  const text = shown.toString('latin1');
  const lines = told.toString('latin1').trimEnd().split('\n');
  let at = 0;
  const missing = lines.findIndex((line) => {
    const found = text.indexOf(line, at);
    at = found + line.length;
    return found < 0;
  });
  return missing < 0 ? lines : lines.slice(0, missing);
}

/** The log without the lines at its beginning that say that Ray is ready. */
function withoutOurs(bytes: Buffer): Buffer {
  let rest = bytes;
  while (rest.subarray(0, 10).equals(Buffer.from('rankwise: '))) {
    rest = rest.subarray(rest.indexOf(newline) + 1);
  }
  return rest;
}

/** What stands behind a tag in each line that has it. */
function linesOf(bytes: Buffer, tag: string): Buffer[] {
  const start = Buffer.from(`${tag} `);
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(newline, at);
    const stop = end < 0 ? bytes.length : end;
    if (bytes.subarray(at, at + start.length).equals(start))
      found.push(bytes.subarray(at + start.length, stop));
    at = stop + 1;
  }
  return found;
}

/**
 * Ray replaces what is no UTF-8, takes carriage returns from the ends of lines, and shows a line in pieces that it reads
 * while it is being written. It leaves printable ASCII as it is.
 */
function printable(bytes: Buffer): Buffer {
  return bytes.filter((byte) => byte >= 0x20 && byte < 0x7f) as Buffer;
}
