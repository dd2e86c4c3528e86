import { mkdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '../base/errors';
import type { Logger } from '../base/logger';
import { stateDir } from '../base/stateDir';
import { PracticeCluster } from './cluster';
import { isAlive, readRecord } from './clusterRecord';
import { acquireLock, type Release } from '../base/processLock';
import { practicePaths } from './practicePaths';

/** A predecessor that is on its way out holds the lock for as long as its processes take to end. */
const lockWaitMs = 15_000;
const defaultIdleSeconds = 300;

/** Standard error is the log file. */
const logger: Logger = {
  debug: () => undefined,
  info: (message) => write('info', message),
  warn: (message) => write('warn', message),
  error: (message, cause) =>
    write('error', cause === undefined ? message : `${message}: ${describeError(cause)}`),
};

function write(level: string, message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
}

/** Undefined when another process is the cluster. */
async function takeLock(lock: string, record: string): Promise<Release | undefined> {
  for (const start = performance.now(); performance.now() - start < lockWaitMs; await delay(100)) {
    const release = await acquireLock(lock);
    if (release !== undefined) return release;
    const other = await readRecord(record).catch(() => undefined);
    if (other !== undefined && isAlive(other)) return undefined;
  }
  throw new Error(`the lock ${lock} is held by a process that neither starts nor ends`);
}

function idleMs(): number {
  const text = process.env['RANKWISE_PRACTICE_IDLE_SECONDS'] ?? '';
  const seconds = text === '' ? defaultIdleSeconds : Number(text);
  if (!(seconds > 0))
    throw new Error(`RANKWISE_PRACTICE_IDLE_SECONDS is "${text}", not a number of seconds above 0`);
  return seconds * 1000;
}

async function main(): Promise<void> {
  const limitMs = idleMs();
  const paths = practicePaths(stateDir());
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  const release = await takeLock(paths.lock, paths.record);
  if (release === undefined) return;
  await truncate(paths.log).catch(() => undefined);

  const cluster = new PracticeCluster({
    paths,
    release,
    trainingFile: join(__dirname, 'practice-training.cjs'),
    logger,
    onStopped: () => process.exit(0),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void cluster.stop(signal));
  process.on('uncaughtException', (error) => {
    logger.error('unexpected', error.stack ?? error);
    void cluster.stop('an unexpected error');
  });
  await cluster.start();

  let usedAt = performance.now();
  for (;;) {
    await delay(Math.min(limitMs / 4, 15_000));
    if (cluster.isUsed()) usedAt = performance.now();
    if (performance.now() - usedAt > limitMs) await cluster.stop('no window and no run');
    else if (!(await cluster.isPublished())) await cluster.stop('its state file is gone');
  }
}

main().catch((error: unknown) => {
  logger.error('cannot start', error);
  process.exit(1);
});
