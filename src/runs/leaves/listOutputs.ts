import { randomBytes } from 'node:crypto';
import type { PlanHost } from '../../launch/plan';
import { runDirectory } from '../../launch/runDirectory';
import type { SshPool } from '../../ssh/connection';
import { quote, quotePath } from '../../ssh/quote';
import { runScriptText } from '../../ssh/runScript';
import { parseGlob, type Glob } from './glob';
import outputsScript from './remote/outputs.sh';

/** Of one glob on one host no more files are listed. */
const MOST_FILES = 5000;

/** A file that a run produced, or found. */
export interface OutputFile {
  host: string;
  /** Below the workdir, without `./`. */
  path: string;
  bytes: number;
  /** Milliseconds since the epoch, whole seconds, by the clock of the host. */
  modifiedAt: number;
  /** Written since the run began. */
  isNew: boolean;
}

/** A host that did not say which files it has. */
export interface SilentHost {
  host: string;
  reason: unknown;
}

interface Answer {
  files: (OutputFile & { inode: string })[];
  /** Hosts whose part of the run directory is seen from here: they share the home directory. */
  beside: string[];
}

/**
 * The files that match the globs on the hosts, newest first. What hosts with a shared home see alike is listed once, by the
 * first of them. Hosts that do not answer are named instead.
 */
export async function listOutputs(
  ssh: SshPool,
  what: {
    run: string;
    hosts: readonly Pick<PlanHost, 'name' | 'target'>[];
    workdir: string;
    globs: readonly string[];
  },
  signal?: AbortSignal,
): Promise<{ files: OutputFile[]; silent: SilentHost[] }> {
  const globs = what.globs.map(parseGlob);
  if (globs.length === 0) return { files: [], silent: [] };
  const settled = await Promise.allSettled(
    what.hosts.map(async ({ name, target }) => {
      const tag = `@${randomBytes(8).toString('hex')}`;
      const connection = await ssh.connect(target, signal);
      const script = renderList(what.run, name, what.workdir, globs, tag);
      return parseList(
        await runScriptText(connection, 'Looking for outputs', script, [], signal),
        name,
        tag,
        globs,
      );
    }),
  );
  const files: OutputFile[] = [];
  const seen = new Map<string, string[]>();
  settled.forEach((result) => {
    if (result.status === 'rejected') return;
    for (const { inode, ...file } of result.value.files) {
      const key = `${inode} ${file.path}`;
      const holders = seen.get(key) ?? [];
      if (holders.some((holder) => result.value.beside.includes(holder))) continue;
      seen.set(key, [...holders, file.host]);
      files.push(file);
    }
  });
  const silent = settled.flatMap((result, index): SilentHost[] =>
    result.status === 'rejected'
      ? [{ host: what.hosts[index]?.name ?? '', reason: result.reason as unknown }]
      : [],
  );
  files.sort((a, b) => b.modifiedAt - a.modifiedAt || a.path.localeCompare(b.path));
  return { files, silent };
}

/** @param tag begins each line of the answer. */
export function renderList(
  run: string,
  host: string,
  workdir: string,
  globs: readonly Glob[],
  tag: string,
): string {
  return [
    `tag=${tag} host=${quote(host)} limit=${MOST_FILES}`,
    `workdir=${quotePath(workdir)} rundir=${quote(runDirectory(run))}`,
    outputsScript,
    ...globs.map(({ start, findPattern }) => `look ${quote(start)} ${quote(findPattern)}`),
    'echo "$tag end=yes"',
    '',
  ].join('\n');
}

/** @throws Error where the answer is not complete. */
export function parseList(text: string, host: string, tag: string, globs: readonly Glob[]): Answer {
  const lines = text
    .split('\n')
    .flatMap((line) => (line.startsWith(`${tag} `) ? [line.slice(tag.length + 1)] : []));
  if (!lines.includes('end=yes')) throw new Error(`the list of files on ${host} came back incomplete`);
  const start = lines.flatMap((line) => /^start=(\d+)$/.exec(line)?.[1] ?? [])[0];
  const files = lines.flatMap((line) => {
    const [, bytes, seconds, inode = '', path] = /^file=(\d+) (\d+) (\d+) \.\/(.*)$/.exec(line) ?? [];
    const inside = path?.replace(/^\/+/, '');
    if (inside === undefined || !globs.some((glob) => glob.matches(inside))) return [];
    const isNew = start !== undefined && Number(seconds) >= Number(start);
    return [{ host, path: inside, bytes: Number(bytes), modifiedAt: Number(seconds) * 1000, isNew, inode }];
  });
  const once = new Map(files.map((file) => [file.path, file]));
  return {
    files: [...once.values()],
    beside: lines.flatMap((line) => /^beside=(.+)$/.exec(line)?.[1] ?? []),
  };
}
