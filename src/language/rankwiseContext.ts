/** What the service of `rankwise.yaml` is told of the world outside the text. Every field may be unknown. */
export interface RankwiseContext {
  /** Names of hosts that a person may mean, such as those of OpenSSH's configuration. */
  hosts?: readonly string[];
  /** Files of the workspace relative to the folder of this file, `/` between folders; a folder ends with `/`. */
  files?: readonly string[];
  /** Names of the secrets that Rankwise keeps. */
  secrets?: readonly string[];
  /** Names of variables of this machine, for `${env:NAME}`. */
  variables?: readonly string[];
  /** What the controller of a Slurm cluster knows, by the name of the cluster. */
  sites?: Readonly<Record<string, RankwiseSite>>;
}

export interface RankwiseSite {
  partitions?: readonly string[];
  accounts?: readonly string[];
  qos?: readonly string[];
  features?: readonly string[];
}
