import type { Logger } from '../../base/logger';
import type { ClusterModel, LaunchModel } from '../../config/model';
import type { Facts } from '../../launch/facts';
import type { SshPool } from '../../ssh/connection';
import type { recordWorkspace } from '../leaves/runRecord';
import type { Registry } from '../registry';
import type { SecretSource } from '../secrets';
import type { KnownRun } from '../sync/syncFiles';
import type { LaunchesUnderWay } from './launchesUnderWay';
import type { RunPlan } from './planRun';

/** What every launch of this process needs. */
export interface LaunchContext {
  ssh: SshPool;
  logger: Logger;
  registry: Registry;
  underWay: LaunchesUnderWay;
  secretOf: SecretSource;
  knownRun: (id: string) => KnownRun | undefined;
}

/** What one run is started with. */
export interface LaunchInput {
  launch: LaunchModel;
  cluster: ClusterModel;
  facts: Facts;
  workspace: ReturnType<typeof recordWorkspace>;
  /** Makes the plan once more, see {@link planRun}. */
  replan: (signal: AbortSignal | undefined) => Promise<RunPlan>;
}
