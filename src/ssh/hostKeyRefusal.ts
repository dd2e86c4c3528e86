import { RankwiseError } from '../base/errors';
import { fingerprint } from './hostKeyVerdict';
import type { HostKeyVerdict } from './hostKeyVerdict';
import { keyType } from './knownHosts';
import type { ResolvedHost } from './resolved';

/** The host as the user knows it, with the port where it is not 22. */
export function shownName(host: ResolvedHost): string {
  return host.port === 22 ? host.name : `${host.name}:${host.port}`;
}

/** Why a key that the files speak against is not taken, with the line that does. */
export function refuseKey(
  host: ResolvedHost,
  key: Buffer,
  verdict: Exclude<HostKeyVerdict, { kind: 'known' | 'unknown' }>,
): RankwiseError {
  const place = `${verdict.at.file}:${verdict.at.line}`;
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  switch (verdict.kind) {
    case 'changed':
      return new RankwiseError(
        'ssh.hostKeyChanged',
        `${shownName(host)} shows another key (${shown}) than the one in ${place}: it was reinstalled, or someone is in between`,
        {
          host: host.name,
          nextStep: `Ask its administrator whether ${fingerprint(key)} is right; if so, remove the old key with \`ssh-keygen -R '${host.knownAs}' -f '${verdict.at.file}'\` and connect again.`,
        },
      );
    case 'revoked':
      return new RankwiseError(
        'ssh.hostKeyRevoked',
        `the key of ${shownName(host)} (${shown}) is revoked in ${place}`,
        {
          host: host.name,
          nextStep: 'Do not connect; ask its administrator for a new host key.',
        },
      );
    case 'certAuthority':
      return new RankwiseError(
        'ssh.hostKeyRejected',
        `${shownName(host)} is vouched for by the certificate authority in ${place}, and host certificates are not supported yet`,
        {
          host: host.name,
          nextStep: `Get the host's own key from its administrator and add it to ${host.userKnownHostsFiles[0] ?? 'a known_hosts file'}.`,
        },
      );
  }
}

/** Why a key that no file knows is not asked about: the configuration says so (StrictHostKeyChecking yes). */
export function refuseUnknownKey(host: ResolvedHost, key: Buffer): RankwiseError {
  const files = host.userKnownHostsFiles.join(', ') || 'any known_hosts file';
  return new RankwiseError(
    'ssh.hostKeyRejected',
    `the key of ${shownName(host)} (${keyType(key)} ${fingerprint(key)}) is not in ${files}, and new keys are refused for it`,
    {
      host: host.name,
      nextStep: 'Add its key to that file, or set StrictHostKeyChecking to ask.',
    },
  );
}
