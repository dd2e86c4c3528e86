import { keyType } from '../../ssh/knownHosts';
import type { SshPool } from '../../ssh/connection';
import { runScript, scriptError } from '../../ssh/runScript';
import { allOrEveryError } from '../gatherFacts';
import { keyNames } from './keyNames';
import { parseKeyState } from './keyState';
import type { KeySetup, KeyState } from './keyState';
import readScript from './remote/readKeys.sh';

/**
 * Asks every host what its `~/.ssh` has. Changes nothing.
 * @throws RankwiseError as {@link allOrEveryError}: each host that cannot be read.
 */
export function readKeyStates(ssh: SshPool, setup: KeySetup, signal?: AbortSignal): Promise<KeyState[]> {
  const { keyFile } = keyNames(setup.cluster);
  return allOrEveryError(signal, setup.hosts, async (host): Promise<KeyState> => {
    const connection = await ssh.connect(host.target, signal);
    const result = await runScript(connection, readScript, [keyFile], signal);
    if (result.code !== 0) throw scriptError(host.name, 'Looking at ~/.ssh', result);
    const asked = parseKeyState(result.stdout, host.name, keyFile);
    const { hostKey } = connection;
    return {
      ...asked,
      host: host.name,
      fileSystem: setup.fileSystems[host.name] ?? host.name,
      peers: host.peers,
      port: host.port ?? asked.port,
      hostKey: hostKey && `${keyType(hostKey)} ${hostKey.toString('base64')}`,
    };
  });
}
