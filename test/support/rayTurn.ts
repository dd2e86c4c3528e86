import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { acquireLock, type Release } from '../../src/base/processLock';

const path = join(tmpdir(), 'rankwise-tests-ray.lock');
/** All the other files that start Ray, on a slow machine. */
const longestWait = 30 * 60_000;

/**
 * A Ray keeps every core busy while it starts, and gives up after half a minute: files that start one take turns. Call it
 * first in the suite.
 */
export function takeTurnsWithRay(): void {
  let release: Release | undefined;
  beforeAll(async () => {
    while ((release = await acquireLock(path)) === undefined) await delay(500);
  }, longestWait);
  afterAll(() => release?.());
}
