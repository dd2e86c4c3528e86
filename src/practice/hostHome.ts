import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteAll } from '../ssh/quote';

/** The interactive shell of a host's user. */
export function loginShell(host: HostHome): string {
  return host.env['SHELL'] ?? '/bin/sh';
}

export interface HostHome {
  name: string;
  home: string;
  /** The whole environment in which commands start on the host. */
  env: Record<string, string>;
}

const profile = (name: string): string => `# Read by login shells on ${name}, a host of the practice cluster.
PATH="$HOME/bin:$PATH"
export PATH
PS1='${name}:$PWD\\$ '
`;

/**
 * Makes the home directory of one host: `bin/practice-training` runs the training at `trainingFile` with the Node
 * that runs this process (in an editor that is Electron, hence ELECTRON_RUN_AS_NODE).
 */
export async function makeHostHome(
  directory: string,
  name: string,
  options: { instance: string; user: string; trainingFile: string },
): Promise<HostHome> {
  const home = join(directory, name);
  const bin = join(home, 'bin');
  const temporary = join(home, 'tmp');
  await mkdir(bin, { recursive: true, mode: 0o700 });
  await mkdir(temporary, { mode: 0o700 });
  await writeFile(join(home, '.profile'), profile(name), { mode: 0o600 });
  const training = join(bin, 'practice-training');
  const command = quoteAll(['env', 'ELECTRON_RUN_AS_NODE=1', process.execPath, options.trainingFile]);
  await writeFile(training, `#!/bin/sh\nexec ${command} "$@"\n`);
  await chmod(training, 0o700);
  return {
    name,
    home,
    env: {
      HOME: home,
      USER: options.user,
      LOGNAME: options.user,
      SHELL: existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh',
      PATH: `${bin}:${process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`,
      LANG: process.env['LANG'] ?? 'C.UTF-8',
      TMPDIR: temporary,
      RANKWISE_HOST: name,
      RANKWISE_PRACTICE: options.instance,
    },
  };
}
