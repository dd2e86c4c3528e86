import { homedir } from 'node:os';
import { join } from 'node:path';
import { RankwiseError } from './errors';

/**
 * The directory of the registry of runs, their cached logs and the practice cluster's state: one for VS Code and
 * the command line alike. `RANKWISE_STATE_DIR` wins over the platform's state directory.
 */
export function stateDir(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const chosen = env['RANKWISE_STATE_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'rankwise');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'rankwise');
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'rankwise');
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'your quota is used up',
  ENOTDIR: 'a part of its path is a file',
  // Node says so of a read-only file system too, where several directories are to be made.
  ENOENT: 'it cannot be made, perhaps on a read-only file system',
};

/**
 * What writing below the state directory gives.
 * @throws RankwiseError `state.notWritable`, see {@link notWritable}.
 */
export function writingState<T>(directory: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw notWritable(directory, error);
  }
}

/** Why the state directory cannot be written, and the way out; an error that is none of the file system stays as it is. */
export function notWritable(directory: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return error;
  const reason = reasons[error.code] ?? error.message;
  return new RankwiseError(
    'state.notWritable',
    `the state of Rankwise cannot be written in ${directory}: ${reason}`,
    {
      nextStep:
        'Make room or give yourself the right to write there, or set RANKWISE_STATE_DIR to another directory.',
      cause: error,
    },
  );
}
