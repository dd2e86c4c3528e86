/** What is true of one host now; gathered by cluster/, plain data. */
export interface HostFacts {
  /** Absolute home directory. */
  home: string;
  /** `uname -n`. */
  nodeName: string;
  /** Hosts with the same value share one home directory (found by a nonce, never by comparing paths). */
  fileSystem: string;
  /** A TCP port that was free a moment ago. */
  freePort: number;
  /** Three more, where the host has them. */
  morePorts: number[];
  /** IPv4 addresses by interface with the length of their network prefix, loopback left out. */
  interfaces: { name: string; address: string; prefix: number }[];
  /** The address the host takes its own name for, often 127.0.1.1; undefined where it finds none. */
  ownAddress: string | undefined;
  /** Online cores; Open MPI's number of slots where a hostfile does not say. */
  cores: number;
  gpus: { index: number; name: string }[];
  /** False: commands run under `sh`, which the preview says. */
  hasBash: boolean;
}

/** Facts by host name. A preview without them shows placeholders such as `<free port>`. */
export type Facts = Readonly<Record<string, HostFacts>>;
