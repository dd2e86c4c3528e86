import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import type { Cell } from './cell';

/**
 * Gives the program on the disturbed host 64 MB and no more: the kernel kills it when it takes more.
 * @returns takes the limit away, once the program is gone.
 */
export async function limitMemory(
  { lab, id, host }: Pick<Cell, 'lab' | 'id' | 'host'>,
  program: string,
): Promise<() => Promise<void>> {
  const group = `/sys/fs/cgroup/memory/rankwise-${id}`;
  const found = (await lab.processesWith(id)).filter(
    (one) => one.host === host && one.command.startsWith('/usr/bin/python3') && one.command.includes(program),
  );
  const [target] = found;
  if (target === undefined || found.length > 1) throw new Error(`${found.length} × ${program} on ${host}`);
  await mkdir(group);
  await writeFile(`${group}/memory.limit_in_bytes`, String(64 << 20));
  await writeFile(`${group}/cgroup.procs`, String(target.pid));
  return () => rmdir(group);
}
