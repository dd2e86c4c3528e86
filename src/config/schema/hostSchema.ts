import * as z from 'zod';
import {
  addressPattern,
  hostNamePattern,
  hostTextPattern,
  proxyJumpPattern,
  remotePathPattern,
  userPattern,
} from '../names';
import { text, whole } from './text';

const user = text(
  userPattern,
  'is not a user name. Use letters, digits and `_ . + @ -`, not beginning with a dash.',
).meta({
  description: 'User to sign in as. Default: what OpenSSH’s configuration says.',
  examples: ['ubuntu'],
});
const port = whole(1, 65535).meta({ description: 'SSH port.', examples: [22, 2222] });
const identityFile = text(
  remotePathPattern,
  'must be a path on one line, `~/…`, absolute, or relative to this file.',
).meta({
  description: 'Private key, tried before the agent’s. `~/…`, absolute, or relative to this file.',
  examples: ['~/.ssh/id_ed25519', 'keys/cluster.pem'],
});
const proxyJump = text(
  proxyJumpPattern,
  'is not a list of hops. Write `host`, `user@host:port`, or several separated by commas.',
).meta({
  description:
    'Hosts to go through, as OpenSSH’s ProxyJump. `head` means the cluster’s `head:` where it has one.',
  examples: ['bastion.example.com', 'me@gate:2222', 'head'],
});

/** How to reach a host; of a cluster: the default of its hosts. */
export const reach = {
  user: user.optional(),
  port: port.optional(),
  identityFile: identityFile.optional(),
  proxyJump: proxyJump.optional(),
};

export const gpusOfHost = whole(0, 1024)
  .optional()
  .meta({ description: 'GPUs of each host. Default: as found on the host.', examples: [4] });

const address = text(addressPattern, 'is not a host name or address. It begins with a letter or digit.');

export const host = z
  .strictObject({
    host: address.meta({
      description: 'Name or address as one gives it to `ssh`.',
      examples: ['10.0.0.5', 'gpu1.example.com'],
    }),
    name: text(hostNamePattern, 'is not a name for a host. Use letters, digits and `. _ -`.')
      .optional()
      .meta({ description: 'Name in rows, logs and run directories. Default: `host`.', examples: ['node1'] }),
    peer: address.optional().meta({
      description: 'Name or address by which the other hosts reach it. Default: `host`.',
      examples: ['10.0.0.5'],
    }),
    ...reach,
    slots: whole(1, 65536)
      .optional()
      .meta({
        description:
          'Processes that fit on it. Default: 1 for ssh and mxnet, the cores of the machine for mpirun.',
        examples: [4],
      }),
    gpus: gpusOfHost.meta({
      description: 'GPUs of this host. Default: those of the cluster, else as found on the host.',
      examples: [4],
    }),
    local: z
      .literal(true)
      .optional()
      .meta({ description: 'This machine, without SSH (Linux and macOS).', examples: [true] }),
  })
  .meta({
    description: 'A host with what differs from the cluster.',
    examples: [{ host: '10.0.0.5', slots: 4 }],
  });

export const hostText = text(
  hostTextPattern,
  'is not a host. Write `host`, `user@host` or `user@host:port`; for slots write `{ host: node1, slots: 4 }`.',
).meta({
  description: '`host`, `user@host` or `user@host:port`.',
  examples: ['node1', 'ubuntu@10.0.0.5:2222'],
});
