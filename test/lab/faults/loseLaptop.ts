import { once } from 'node:events';
import { expect } from 'vitest';
import { createTestCore } from '../../support/testCore';
import { letGo, makeTruth, printed, sizeOf, until, type Cell } from './cell';
import type { Rig } from './rig';

/**
 * The process that started a run and follows it is killed; after more lines another one catches up, and opens it again.
 * @param log an example of its logs, as `host/id`.
 */
export async function loseLaptop(
  { lab, cli }: Rig,
  launch: string,
  { host, log }: { host: string; log: string },
  expectEnd: (cell: Cell) => Promise<void>,
): Promise<void> {
  const truth = await makeTruth(lab, launch);
  const follower = cli.start('launch', launch, '--wait', '--json');
  const [line] = (await once(follower.stdout.setEncoding('utf8'), 'data')) as [string];
  const { id } = JSON.parse(line.split('\n')[0] ?? '') as { id: string };
  const test = await createTestCore(lab.sshConfigFile, 'reject', cli.stateDir);
  try {
    const cell: Cell = { lab, test, id, host, truth };
    await until('lines in the cache', async () => (await sizeOf(test.core.runs.logFile(id, log))) > 500);
    await until('lines of rank 0', async () => (await printed(cell, 0)) > 500);
    follower.kill('SIGKILL');
    await once(follower, 'exit');
    const before = await printed(cell, 0);
    await until('lines that nobody follows', async () => (await printed(cell, 0)) > before + 2000);
    await letGo(cell);
    expect((await cli.run('follow', id)).code).toBe(0);
    await test.restart();
    await expectEnd(cell);
  } finally {
    await test.dispose();
  }
}
