import { appendFile, chmod, chown, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labAccount } from './labAccount';
import { labCommand } from './labCommand';

/** Makes an ed25519 key pair without a passphrase at `file` and `file.pub`, replacing an old one. */
export async function makeKey(file: string, comment: string): Promise<void> {
  await rm(file, { force: true });
  await labCommand('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', file);
}

/** One known_hosts line for a host's public key. */
export async function knownHostsLine(names: readonly string[], publicKeyFile: string): Promise<string> {
  const [type = '', key = ''] = (await readFile(publicKeyFile, 'utf8')).split(' ');
  return `${names.join(',')} ${type} ${key.trim()}\n`;
}

/** The sshd of a host. `password`: it asks for one and takes no key. */
export function sshdConfig(addresses: readonly string[], accept: 'key' | 'password'): string {
  return [
    ...addresses.map((address) => `ListenAddress ${address}`),
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'PidFile /run/sshd.pid',
    'UsePAM no',
    'UseDNS no',
    'PermitRootLogin no',
    `PubkeyAuthentication ${accept === 'key' ? 'yes' : 'no'}`,
    `PasswordAuthentication ${accept === 'password' ? 'yes' : 'no'}`,
    'KbdInteractiveAuthentication no',
    'Subsystem sftp internal-sftp',
    '',
  ].join('\n');
}

/** What `ssh -F` reads on the outside: nothing of the person who runs the tests is used. */
export function clientConfig(
  hosts: readonly { name: string; address: string; jump: string | undefined }[],
  files: { identity: string; knownHosts: string },
): string {
  const blocks = hosts.map(
    ({ name, address, jump }) =>
      `Host ${name}\n  HostName ${address}\n${jump === undefined ? '' : `  ProxyJump ${jump}\n`}`,
  );
  return [
    ...blocks,
    'Host *',
    `  User ${labAccount.name}`,
    `  IdentityFile ${files.identity}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${files.knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    '',
  ].join('\n');
}

/** Fills `~/.ssh` of a home: we reach the hosts by `outerKey`, and they each other by `innerKey` where there is one. */
export async function fillSshHome(
  home: string,
  innerKey: string | undefined,
  outerKey: string,
): Promise<void> {
  const directory = join(home, '.ssh');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const authorized = join(directory, 'authorized_keys');
  await writeFile(authorized, await readFile(`${outerKey}.pub`, 'utf8'), { mode: 0o600 });
  const made = [home, directory, authorized];
  if (innerKey !== undefined) {
    await appendFile(authorized, await readFile(`${innerKey}.pub`, 'utf8'));
    const identity = join(directory, 'id_ed25519');
    await copyFile(innerKey, identity);
    await chmod(identity, 0o600);
    made.push(identity);
  }
  for (const path of made) await chown(path, labAccount.uid, labAccount.uid);
}
