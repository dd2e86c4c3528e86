import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readSmallFile } from '../../coreConfig';
import { sshConfigHosts, type SshConfigHost } from '../../imports/sshConfigHosts';

/** The hosts that the user's OpenSSH configuration names. No program is run. @param configFile as `ssh -F` has it */
export function readSshHosts(configFile: string | undefined): Promise<SshConfigHost[]> {
  const home = homedir();
  return sshConfigHosts(configFile ?? join(home, '.ssh', 'config'), {
    home,
    read: (path) => readSmallFile(path).catch(() => undefined),
    list: (directory) => readdir(directory).catch(() => []),
  });
}
