import { homedir } from 'node:os';
import { join } from 'node:path';

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
