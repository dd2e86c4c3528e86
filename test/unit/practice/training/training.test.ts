import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildExtension, removeDirectories, until } from '../cluster';

const linePattern =
  /^epoch=\d+ step=\d+ loss=\d+\.\d{4} accuracy=[01]\.\d{4} throughput=\d+\.\d compute_time=\d+\.\d{4} wait_time=\d+\.\d{4}$/;

interface Rank {
  child: ChildProcess;
  stdout: string;
  stderr: string;
  /** Exit code, or the signal's name. */
  ended: Promise<number | string | null>;
}

let directory: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  directory = await buildExtension();
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => removeDirectories([directory]));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function startRank(rank: number, worldSize: number, port: number, args: string, truthDirectory = ''): Rank {
  const child = spawn(process.execPath, [join(directory, 'dist/practice-training.cjs'), ...args.split(' ')], {
    cwd: directory,
    env: {
      RANK: String(rank),
      WORLD_SIZE: String(worldSize),
      LOCAL_RANK: String(rank),
      MASTER_ADDR: '127.0.0.1',
      MASTER_PORT: String(port),
      RANKWISE_TRUTH_DIR: truthDirectory,
    },
  });
  children.push(child);
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  const started: Rank = { child, stdout: '', stderr: '', ended };
  child.stdout.on('data', (chunk: Buffer) => (started.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (started.stderr += chunk.toString()));
  return started;
}

async function startAll(worldSize: number, args: string, truthDirectory?: string): Promise<Rank[]> {
  const port = await freePort();
  return Array.from({ length: worldSize }, (_, rank) =>
    startRank(rank, worldSize, port, args, truthDirectory),
  );
}

const metricLines = (rank: Rank): string[] =>
  rank.stdout.split('\n').filter((line) => line.startsWith('epoch='));

function values(rank: Rank, name: string): number[] {
  return metricLines(rank).map((line) => Number(new RegExp(`\\b${name}=(\\S+)`).exec(line)?.[1]));
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}

const joined = (ranks: Rank[]): Promise<boolean> =>
  until('all ranks', () => (ranks.every((rank) => metricLines(rank).length > 0) ? true : undefined));

describe('practice training', () => {
  it('learns with equal weights on all ranks, prints each tenth step, and shows the slow rank', async () => {
    const truthDirectory = join(directory, 'truth');
    await mkdir(truthDirectory);
    const ranks = await startAll(4, '--epochs 6 --pace 0 --slow 2', truthDirectory);
    expect(await Promise.all(ranks.map((rank) => rank.ended))).toEqual([0, 0, 0, 0]);

    const digests = ranks.map((rank) => rank.stdout.match(/sha256 [0-9a-f]{64}/g));
    expect(digests[0]).toHaveLength(6);
    expect(new Set(digests[0]).size).toBe(6);
    for (const digest of digests) expect(digest).toEqual(digests[0]);

    for (const [number, rank] of ranks.entries()) {
      for (const line of metricLines(rank)) expect(line).toMatch(linePattern);
      expect(values(rank, 'step')).toEqual(Array.from({ length: 30 }, (_, index) => 10 * (index + 1)));
      expect(values(rank, 'epoch')).toEqual(Array.from({ length: 30 }, (_, index) => Math.floor(index / 5)));
      const accuracy = values(rank, 'accuracy');
      expect(accuracy[0]).toBeLessThan(0.5);
      expect(accuracy.at(-1)).toBeGreaterThan(0.75);
      const truth = await readFile(join(truthDirectory, `rank-${String(number)}.log`), 'utf8');
      const numbered = metricLines(rank).map((line, index) => `${String(index + 1)}\t${line}\n`);
      expect(truth).toBe(numbered.join(''));
    }

    const throughput = ranks.map((rank) => median(values(rank, 'throughput')));
    const healthy = throughput.filter((_, rank) => rank !== 2);
    expect(throughput[2]).toBeLessThan(0.6 * Math.min(...healthy));
    expect(Math.min(...healthy)).toBeGreaterThan(0.7 * Math.max(...healthy));
    const compute = ranks.map((rank) => median(values(rank, 'compute_time')));
    expect(compute[2]).toBe(Math.max(...compute));
  });

  it('names the rank that went away, on every other rank', async () => {
    const ranks = await startAll(3, '--epochs 1000 --pace 5');
    await joined(ranks);
    ranks[2]!.child.kill('SIGKILL');
    expect(await Promise.all(ranks.map((rank) => rank.ended))).toEqual([1, 1, 'SIGKILL']);
    expect(ranks[0]!.stderr).toMatch(/^practice-training: rank 0: rank 2 went away: /);
    expect(ranks[1]!.stderr).toMatch(/^practice-training: rank 1: rank 2 went away: .* \(said by rank 0\)$/m);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('saves its weights on %s', async (signal, code) => {
    const [rank] = await startAll(1, '--epochs 1000 --pace 5');
    await joined([rank!]);
    rank!.child.kill(signal);
    expect(await rank!.ended).toBe(code);
    const saved = JSON.parse(await readFile(join(directory, 'checkpoint-rank0.json'), 'utf8')) as {
      step: number;
      parameters: number[];
    };
    expect(saved.step).toBeGreaterThanOrEqual(10);
    expect(saved.parameters.every(Number.isFinite)).toBe(true);
  });

  it('goes on through SIGINT and SIGTERM with --ignore-term', async () => {
    const [rank] = await startAll(1, '--epochs 1000 --pace 5 --ignore-term');
    await joined([rank!]);
    rank!.child.kill('SIGINT');
    rank!.child.kill('SIGTERM');
    const lines = metricLines(rank!).length;
    await until('more lines', () => (metricLines(rank!).length > lines + 2 ? true : undefined));
    rank!.child.kill('SIGKILL');
    expect(await rank!.ended).toBe('SIGKILL');
  });

  it('waits for late ranks, and names the one that never comes', async () => {
    // Rank 1 is early: it tries before rank 0 listens there.
    const early = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(early, 'listening');
    const { port } = early.address() as AddressInfo;
    const last = startRank(1, 3, port, '--join-timeout 200');
    await once(early, 'connection');
    early.close();
    await once(early, 'close');
    const first = startRank(0, 3, port, '--join-timeout 5');
    expect(await Promise.all([first.ended, last.ended])).toEqual([1, 1]);
    expect(first.stderr).toContain('rank 0: rank 2 did not join within 5 s');
    expect(last.stderr).toMatch(/rank 1: rank 0 at .* refused: rank 2 did not join within 5 s/);
  });

  it('refuses a rank with other options', async () => {
    const port = await freePort();
    const first = startRank(0, 2, port, '--join-timeout 10');
    const other = startRank(1, 2, port, '--join-timeout 200 --seed 5');
    expect(await other.ended).toBe(1);
    expect(other.stderr).toContain('refused: it belongs to another run or was started with other options');
    expect(await first.ended).toBe(1);
  });

  it('says what is wrong with its options', async () => {
    const rank = startRank(0, 1, 1, '--epochs none');
    expect(await rank.ended).toBe(2);
    expect(rank.stderr).toContain('--epochs is "none"');
  });
});
