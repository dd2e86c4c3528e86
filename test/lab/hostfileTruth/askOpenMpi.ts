import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from './verdict';

/** Words of mpirun that mean no: its parser's, its check of names, and those of the place where it counts slots. */
const complaints =
  /parse error|bad parameter|multiple definitions|illegal character|Unhandled user@host|already filled|No nodes are available|relative host|can support|stack smashing|Segmentation fault|internal error has occurred in ORTE:\s+\[\S+ FORCE-TERMINATE AT \S+ - error \S+ras_base_allocate/;

/** Names are looked up in /etc/hosts alone: what a name server says, and how long it takes, is of no concern here. */
const filesOnly = 'mount --bind "$1" /etc/nsswitch.conf; shift; exec "$@"';

/**
 * Asks the real mpirun, which reads the file and maps one process to each host, without starting anything. Without launching, it
 * counts one slot for a host whose cores it would count.
 */
export async function askOpenMpi(text: string): Promise<Verdict> {
  // Two mpiruns of one account take away each other's directory below the temporary one.
  const folder = await mkdtemp(join(tmpdir(), 'rankwise-hostfile-'));
  try {
    const file = join(folder, 'hosts');
    await writeFile(file, text);
    const switchFile = join(folder, 'nsswitch.conf');
    await writeFile(switchFile, 'hosts: files\n');
    const args = [
      ...['--mount', 'sh', '-euc', filesOnly, 'sh', switchFile],
      'mpirun',
      '--allow-run-as-root',
      '--do-not-launch',
      '--map-by',
      'ppr:1:node',
      '--bind-to',
      'none',
      '--display-allocation',
    ];
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((done) => {
      execFile(
        'unshare',
        [...args, '-hostfile', file, 'true'],
        { env: { ...process.env, TMPDIR: folder } },
        // It ends with an error even when the file is fine, because nothing may be launched.
        (_error, stdout, stderr) => done({ stdout, stderr }),
      );
    });
    const complaint = complaints.exec(stderr);
    if (complaint !== null) return { refused: complaint[0] };
    const hosts = Array.from(
      stdout.matchAll(/Data for node: (\S+)\s+Num slots: (\d+)/g),
      ([, name = '', slots = '']) => `${name} ${slots}`,
    );
    if (hosts.length === 0)
      throw new Error(`mpirun said neither yes nor no to ${JSON.stringify(text)}: ${stderr}`);
    return { hosts: hosts.sort() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Does something for all values, a few at a time, and gives the results in their order. */
export async function severalAtATime<T, R>(
  values: readonly T[],
  number: number,
  work: (value: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < values.length) {
      const index = next++;
      const value = values[index];
      if (value !== undefined) results[index] = await work(value);
    }
  };
  await Promise.all(Array.from({ length: number }, worker));
  return results;
}
