import { Cancelled, RankwiseError, throwIfAborted } from '../../base/errors';
import type { ClusterModel, LaunchModel, PreflightCheck } from '../../config/model';
import type { SshPool } from '../../ssh/connection';
import type { Finding } from './checks';
import { PreflightError } from './findingText';
import { preflight, unreachable } from './preflight';
import { preflightRequest } from './request';

const CHECK_OF_CODE: Readonly<Record<string, PreflightCheck>> = {
  'cluster.homeNotWritable': 'home',
  'cluster.unfit': 'command',
};

/**
 * What to say of a launch some of whose hosts could not be asked at all: these, together with what stands in the way on
 * the others, so that nothing is found out one launch later.
 * @param error of gatherFacts
 * @returns the error to throw: the same where nothing else is wrong.
 * @throws Cancelled
 */
export async function withOtherFailures(
  ssh: SshPool,
  launch: LaunchModel,
  cluster: ClusterModel,
  error: unknown,
  signal?: AbortSignal,
): Promise<unknown> {
  throwIfAborted(signal);
  if (error instanceof Cancelled) return error;
  const failures = hostErrors(error);
  if (failures.length === 0) return error;
  const asked = preflightRequest(launch, cluster, undefined, 0);
  const hosts = asked.hosts.filter(({ host }) => failures.every((failure) => failure.host !== host.name));
  const { findings } = await preflight(ssh, { ...asked, hosts }, signal);
  const others = findings.filter(({ severity }) => severity === 'error');
  if (others.length === 0 && failures.length === 1) return error;
  const own = failures.map((failure): Finding => ({
    ...unreachable(failure.host ?? '', failure),
    check: CHECK_OF_CODE[failure.code] ?? 'reachable',
  }));
  return new PreflightError(launch.name, [...own, ...others]);
}

/** The errors of single hosts in what gatherFacts throws; empty where some error is of no host. */
function hostErrors(error: unknown): RankwiseError[] {
  const all: unknown[] =
    error instanceof RankwiseError && error.code === 'cluster.hostsFailed' && Array.isArray(error.cause)
      ? (error.cause as unknown[])
      : [error];
  const known = all.flatMap((one) => (one instanceof RankwiseError && one.host !== undefined ? [one] : []));
  return known.length === all.length ? known : [];
}
