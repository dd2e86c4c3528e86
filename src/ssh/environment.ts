import { userInfo } from 'node:os';

/** What the ssh room reads of this machine and this account; a seam for tests. */
export interface SshEnvironment {
  /** As OpenSSH sees it: from the account, not from `$HOME`. */
  home: string;
  /** Login name here, the default on hosts. */
  user: string;
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** OpenSSH's client, asked for its configuration. */
  sshProgram: string;
}

/** The account this process runs in. */
export function systemEnvironment(): SshEnvironment {
  const account = userInfo();
  return {
    home: account.homedir,
    user: account.username,
    env: process.env,
    platform: process.platform,
    sshProgram: 'ssh',
  };
}
