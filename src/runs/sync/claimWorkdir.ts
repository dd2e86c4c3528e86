import { randomBytes } from 'node:crypto';
import type { PlanHost } from '../../launch/plan';
import type { SshPool } from '../../ssh/connection';
import { quote, quoteAll, quotePath } from '../../ssh/quote';
import { runScript, scriptError } from '../../ssh/runScript';
import type { LocalFile } from './localFiles';
import claimScript from './remote/claim.sh';
import lockScript from './remote/lock.sh';

/** Another run whose workdir this is. */
export interface WorkdirUser {
  /** `copying`: its files are on their way. */
  state: 'running' | 'preparing' | 'copying';
  run: string;
}

/** What a host says of its workdir. */
export interface Claim {
  /** Indexes of the files that are missing there or are not the same. */
  differing: number[];
  /** Those of them that are there and are not the same: a run that uses the workdir may see them change. */
  changing: number[];
  users: WorkdirUser[];
  /** The workdir was not taken: another run uses it and would see files change. */
  refused: boolean;
}

export interface ClaimOptions {
  run: string;
  workdir: string;
  files: readonly LocalFile[];
  /** Runs known to be over. */
  ignore: readonly string[];
  /** Takes the workdir whoever uses it. */
  force: boolean;
}

/** Command lines of this many files each stay far below what a host takes. */
const FILES_AT_ONCE = 200;

/**
 * Compares files with a host's workdir in one pass and takes the workdir for the run.
 * @throws RankwiseError `ssh.scriptFailed` with the host's own words.
 */
export async function claimWorkdir(
  ssh: SshPool,
  host: PlanHost,
  options: ClaimOptions,
  signal?: AbortSignal,
): Promise<Claim> {
  const tag = randomBytes(8).toString('hex');
  const connection = await ssh.connect(host.target, signal);
  const result = await runScript(connection, renderClaim(host.name, options, tag), [], signal);
  if (result.code !== 0) throw scriptError(host.name, 'Looking at the workdir', result);
  return parseClaim(result.stdout.toString('utf8'), tag);
}

/** @param tag letters and digits, used once: begins each line of the answer. */
export function renderClaim(host: string, options: ClaimOptions, tag: string): string {
  const { run, workdir, files, ignore, force } = options;
  return [
    `tag=@${tag} run=${quote(run)} host=${quote(host)} force=${force ? 'yes' : 'no'}`,
    `workdir=${quotePath(workdir)}`,
    `ignore=${quote(ignore.join(' '))}`,
    lockScript,
    claimScript,
    'compare() {',
    ':',
    ...compareLines(files),
    '}',
    'claim',
    '',
  ].join('\n');
}

function compareLines(files: readonly LocalFile[]): string[] {
  const lines: string[] = [];
  let small: string[] = [];
  let first = 0;
  const flush = (): void => {
    if (small.length > 0) lines.push(`look ${first} ${small.join(' ')}`);
    small = [];
  };
  files.forEach(({ remote, bytes, mode, changedAt, hash }, index) => {
    // A dash at the beginning would be taken for an option.
    const path = `./${remote}`;
    if (hash === undefined) {
      flush();
      lines.push(`measure ${quoteAll([String(index), String(bytes), String(changedAt), path])}`);
      return;
    }
    if (small.length === 0) first = index;
    small.push(quoteAll([hash, modeOf(mode), path]));
    if (small.length >= FILES_AT_ONCE) flush();
  });
  flush();
  return lines;
}

/** Windows knows no executable bit. */
function modeOf(mode: number): 'x' | '-' | '?' {
  if (process.platform === 'win32') return '?';
  return (mode & 0o100) === 0 ? '-' : 'x';
}

/** Reads claim.sh's answer. @throws Error where it is not complete. */
export function parseClaim(text: string, tag: string): Claim {
  const lines = text
    .split('\n')
    .flatMap((line) => (line.startsWith(`@${tag} `) ? [line.slice(tag.length + 2)] : []));
  const refused = lines.includes('refused=yes');
  if (!refused && !lines.includes('claimed=yes'))
    throw new Error('the answer about the workdir came back incomplete');
  const indexes = (pattern: RegExp): number[] => {
    const found = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []).map(Number);
    return [...new Set(found)].sort((a, b) => a - b);
  };
  const users = lines.flatMap((line): WorkdirUser[] => {
    const [, state, run] = /^user=(running|preparing|copying) (\S+)$/.exec(line) ?? [];
    return state === undefined || run === undefined ? [] : [{ state: state as WorkdirUser['state'], run }];
  });
  return {
    differing: indexes(/^(?:differs|absent)=(\d+)$/),
    changing: indexes(/^differs=(\d+)$/),
    users,
    refused,
  };
}
