/** What a Slurm site has, as its controller says. Every field optional: what was not asked or not answered is not known. */
export interface SiteFacts {
  /** Such as `22.05.8`. */
  version?: string | undefined;
  partitions?: SitePartition[] | undefined;
  /** Names of nodes, where there are few enough to list. */
  nodes?: string[] | undefined;
  /** Features that nodes have. */
  features?: string[] | undefined;
  /** Accounts that this person may charge. */
  accounts?: string[] | undefined;
  qos?: string[] | undefined;
  /** Slurm's MaxArraySize: one more than the highest index. */
  maxArraySize?: number | undefined;
}

export interface SitePartition {
  name: string;
  isDefault: boolean;
  isUp: boolean;
  /** Seconds; Infinity for no limit. */
  maxTime: number;
  nodes: number;
  /** Most nodes of one job; Infinity for no limit. */
  maxNodes: number;
  /** Most CPUs, megabytes and GPUs of a node. */
  cpus: number;
  memory: number;
  gpus: number;
  /** Generic resources of its nodes, such as `gpu:a100:4`. */
  gres: string[];
  features: string[];
}
