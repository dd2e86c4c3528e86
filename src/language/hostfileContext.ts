import type { HostfileUse } from '../config/hostfile/checkHostfile';

/** What is known of a host beside the text. */
export interface KnownHost {
  /** As a hostfile would name it. */
  name: string;
  /** What ssh connects to, where that is another name or address. */
  address?: string | undefined;
  user?: string | undefined;
  port?: number | undefined;
  /** Hosts that ssh goes through. */
  jump?: string | undefined;
  gpus?: number | undefined;
}

/** What the service of hostfiles is told of the world outside the text. Every field may be unknown. */
export interface HostfileContext {
  use?: HostfileUse | undefined;
  /** Hosts of OpenSSH's configuration, of clusters, and those found. */
  hosts?: readonly KnownHost[] | undefined;
}
