import { existsSync } from 'node:fs';
import { RankwiseError } from '../base/errors';

/**
 * The practice hosts run a real POSIX `sh`, and stopping them is proven through Linux' /proc.
 * @throws RankwiseError `practice.needsLinux` where either is missing.
 */
export function requirePracticeSupport(
  platform: NodeJS.Platform = process.platform,
  exists: (path: string) => boolean = existsSync,
): void {
  if (platform === 'linux' && exists('/bin/sh') && exists('/proc/self/environ')) return;
  const missing =
    platform !== 'linux'
      ? `this machine runs ${platform === 'darwin' ? 'macOS' : platform === 'win32' ? 'Windows' : platform}`
      : `${exists('/bin/sh') ? '/proc' : '/bin/sh'} is missing here`;
  throw new RankwiseError(
    'practice.needsLinux',
    `The practice cluster needs Linux with /bin/sh and /proc, and ${missing}`,
    {
      nextStep:
        platform === 'win32'
          ? 'Open the folder in WSL or on a Linux machine by Remote - SSH, and start the practice cluster there.'
          : 'Open the folder on a Linux machine by Remote - SSH, and start the practice cluster there.',
    },
  );
}
