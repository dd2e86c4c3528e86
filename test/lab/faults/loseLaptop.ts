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
  let complaints = '';
  follower.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = once(follower, 'exit');
  const refused = ended.then((how) => {
    throw new Error(`the launch ended (${how.join()}): ${complaints}`);
  });
  const [line] = (await Promise.race([once(follower.stdout.setEncoding('utf8'), 'data'), refused])) as [
    string,
  ];
  refused.catch(() => undefined);
  const { id } = JSON.parse(line.split('\n')[0] ?? '') as { id: string };
  const test = await createTestCore(lab.sshConfigFile, 'reject', cli.stateDir);
  try {
    const cell: Cell = { lab, test, id, host, truth };
    const shown = (): string => `${String(follower.exitCode)} ${complaints}`;
    const inCache = (): Promise<number> => sizeOf(test.core.runs.logFile(id, log));
    await until('lines in the cache', async () => (await inCache()) > 500, 300_000, shown);
    await until('lines of rank 0', async () => (await printed(cell, 0)) > 500, 120_000, shown);
    follower.kill('SIGKILL');
    await ended;
    const before = await printed(cell, 0);
    await until('lines that nobody follows', async () => (await printed(cell, 0)) > before + 2000);
    await letGo(cell);
    expect(await cli.run('follow', id)).toMatchObject({ code: 0 });
    await test.restart();
    await expectEnd(cell);
  } finally {
    await test.dispose();
  }
}
