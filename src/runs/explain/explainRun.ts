import { describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { SshPool } from '../../ssh/connection';
import type { RunExit } from '../model';
import type { StoredRun } from '../registry';
import type { RunHost } from '../runHost';
import { askOom } from './askOom';
import { explainExit, type Explanation } from './explainExit';

/**
 * Why the process failed whose exit is that of the run. What a person stopped did not fail: its host is not asked.
 * @param hosts of the run.
 * @returns undefined for a clean end.
 */
export async function explainRun(
  exit: RunExit,
  stored: StoredRun,
  hosts: readonly RunHost[],
  wasStopped: boolean,
  ssh: SshPool,
  logger: Logger,
): Promise<Explanation | undefined> {
  const [name = '', id = ''] = exit.process?.split('/') ?? [];
  const host = hosts.find((one) => one.name === name);
  const endedAt = host?.record(id)?.exit?.at;
  const askKernel = async (): Promise<Awaited<ReturnType<typeof askOom>> | undefined> => {
    if (host === undefined) return undefined;
    try {
      return await askOom(ssh, host.host.target, stored.startedAt / 1000, stored.baselines?.[name]);
    } catch (error) {
      logger.warn(`${name} did not say whether it lacked memory: ${describeError(error)}`);
      return undefined;
    }
  };
  return explainExit(
    exit,
    host?.mirror.path(`${id}.log`),
    endedAt === undefined ? undefined : endedAt / 1000,
    wasStopped,
    askKernel,
  );
}
