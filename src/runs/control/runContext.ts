import type { Logger } from '../../base/logger';
import type { SshPool } from '../../ssh/connection';
import type { Run } from '../run';

/** A run, and what it takes to act on it. */
export interface RunContext {
  run: Run;
  ssh: SshPool;
  logger: Logger;
}
