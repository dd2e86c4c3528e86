import type { OutputFile } from '../../runs/leaves/listOutputs';

/** Where TensorBoard has something to show. */
export interface EventPlace {
  host: string;
  /** The directory that holds all event files of the host, below the workdir; `.` is the workdir itself. */
  directory: string;
  files: number;
}

/** The places of event files, one for each host that has some. */
export function eventPlaces(files: readonly Pick<OutputFile, 'host' | 'path'>[]): EventPlace[] {
  const byHost = new Map<string, string[][]>();
  for (const { host, path } of files) {
    const parts = path.split('/');
    if (parts.at(-1)?.startsWith('events.out.tfevents.') !== true) continue;
    byHost.set(host, [...(byHost.get(host) ?? []), parts.slice(0, -1)]);
  }
  return [...byHost].map(([host, directories]) => {
    const shared = directories.reduce((a, b) => a.slice(0, a.findIndex((part, i) => part !== b[i]) >>> 0));
    return { host, directory: shared.length === 0 ? '.' : shared.join('/'), files: directories.length };
  });
}
