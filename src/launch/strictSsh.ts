import type { HostModel } from '../config/model';
import { pathOn, type LaunchContext } from './launchContext';
import type { PlanFile } from './plan';
import sshScript from './remote/ssh.sh';
import withSshScript from './remote/withSsh.sh';
import { hostDirectory } from './runDirectory';

/** What the preview says of it. */
export const STRICT_SSH_NOTE =
  'switches the checks of host keys off; Rankwise puts a script in the place of its ssh that keeps them on.';

/** Scripts of a host on which a launcher runs that would call ssh without checking host keys. */
export function strictSshFiles(host: HostModel): PlanFile[] {
  return [
    { host: host.name, path: `${host.name}/ssh.sh`, mode: 0o700, content: sshScript },
    { host: host.name, path: `${host.name}/with-ssh.sh`, mode: 0o700, content: withSshScript },
  ];
}

/** The launcher's command with host key checks on. */
export function withStrictSsh(context: LaunchContext, host: HostModel, argv: readonly string[]): string[] {
  const directory = hostDirectory(context.spec.run, host.name);
  return ['sh', pathOn(context, host, `${directory}/with-ssh.sh`), ...argv];
}
