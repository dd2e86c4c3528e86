import { execFile } from 'node:child_process';
import { RankwiseError, Cancelled } from '../base/errors';
import type { SshEnvironment } from './environment';
import { expandPath } from './tokens';

/** Settings as `ssh -G` prints them: lower-case keyword to its values, in order. */
export type OpenSshSettings = ReadonlyMap<string, readonly string[]>;

export interface SettingsQuery {
  host: string;
  user: string | undefined;
  port: number | undefined;
  /** Given with `-F`, which also keeps the system-wide file from being read. */
  configFile: string | undefined;
}

/** `Match exec` in a configuration may run anything; it may not hold us up for ever. */
const timeoutMs = 10_000;

/** Reads what `ssh -G` printed. Total: lines it cannot read are left out. */
export function parseSettings(text: string): OpenSshSettings {
  const settings = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^(\S+) (.*)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const key = match[1].toLowerCase();
    const values = settings.get(key);
    if (values === undefined) settings.set(key, [match[2]]);
    else values.push(match[2]);
  }
  return settings;
}

/**
 * Splits a list of files from `ssh -G`, which separates them by blanks and does not quote: a new one starts where
 * an absolute path, `~`, a drive or `none` does.
 */
export function splitFiles(value: string): string[] {
  return value
    .split(/ (?=[/~]|%|__PROGRAMDATA__|[A-Za-z]:[\\/]|none$)/)
    .filter((file) => file !== '' && file !== 'none');
}

/** Arguments of `ssh` for a query. The caller has checked host and user; `--` ends the options all the same. */
export function queryArguments(query: SettingsQuery, environment: SshEnvironment): string[] {
  return [
    '-G',
    '-T',
    ...(query.configFile === undefined ? [] : ['-F', expandPath(query.configFile, environment)]),
    ...(query.user === undefined ? [] : ['-l', query.user]),
    ...(query.port === undefined ? [] : ['-p', String(query.port)]),
    '--',
    query.host,
  ];
}

/**
 * The effective OpenSSH settings for a host, or undefined where OpenSSH is not installed.
 * @throws RankwiseError `ssh.unresolved` with OpenSSH's own words, which name file and line; Cancelled.
 */
export function readSettings(
  query: SettingsQuery,
  environment: SshEnvironment,
  signal?: AbortSignal,
): Promise<OpenSshSettings | undefined> {
  const options = {
    env: environment.env,
    timeout: timeoutMs,
    maxBuffer: 1 << 20,
    windowsHide: true,
    ...(signal !== undefined && { signal }),
  };
  return new Promise((resolve, reject) => {
    execFile(environment.sshProgram, queryArguments(query, environment), options, (error, stdout, stderr) => {
      if (error === null) return resolve(parseSettings(stdout));
      if (signal?.aborted === true) return reject(new Cancelled());
      if (error.code === 'ENOENT' && query.configFile === undefined) return resolve(undefined);
      reject(unreadable(query, error, stderr));
    });
  });
}

function unreadable(
  query: SettingsQuery,
  error: { code?: unknown; killed?: boolean; message: string },
  stderr: string,
): RankwiseError {
  const said = stderr.trim().split(/\r?\n/).join('; ');
  const reason =
    error.code === 'ENOENT'
      ? 'the `ssh` program, which reads it, is not installed'
      : error.killed === true
        ? `\`ssh -G\` did not answer within ${timeoutMs / 1000} s`
        : said || error.message;
  const which = query.configFile ?? 'the OpenSSH configuration';
  return new RankwiseError('ssh.unresolved', `${which} cannot be read for ${query.host}: ${reason}`, {
    host: query.host,
    nextStep: `Try \`ssh -G ${query.host}\` in a terminal.`,
    cause: error,
  });
}
