import { createHash } from 'node:crypto';

/** What is called by a cluster's name in the `~/.ssh` of its hosts. */
export interface KeyNames {
  /** Stands for the cluster in files: letters, digits, dots, dashes and underscores only. */
  slug: string;
  /** File name of the private key below `~/.ssh`. */
  keyFile: string;
  /** A key that takes over at the end of a rotation. */
  nextKeyFile: string;
  /** Comment behind the key of a host. */
  comment: (host: string) => string;
  beginMarker: string;
  endMarker: string;
}

/** Makes the names. Cluster names are any text: those that cannot stand in a file get a hash, so that no two meet. */
export function keyNames(cluster: string): KeyNames {
  const plain = cluster.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40);
  const hash = createHash('sha256').update(cluster).digest('hex').slice(0, 8);
  const slug = plain === cluster && plain !== '' ? plain : `${plain}.${hash}`;
  return {
    slug,
    keyFile: `rankwise_${slug}`,
    nextKeyFile: `rankwise_${slug}.next`,
    comment: (host) => `rankwise:${slug}:${host}`,
    beginMarker: `# rankwise:${slug} begin`,
    endMarker: `# rankwise:${slug} end`,
  };
}
