import { dirname } from 'node:path';
import { count } from '../../base/count';
import { throwIfAborted } from '../../base/errors';
import { refuseLinkOut } from '../../base/insideFolder';
import type { Baseline, Finding } from '../../cluster/preflight/checks';
import { PreflightError, refuseErrors } from '../../cluster/preflight/findingText';
import { preflight } from '../../cluster/preflight/preflight';
import { mayBeBrought, preflightRequest, type PreflightRequest } from '../../cluster/preflight/request';
import type { ClusterModel, LaunchModel } from '../../config/model';
import type { Facts } from '../../launch/facts';
import type { Plan } from '../../launch/plan';
import type { SshPool } from '../../ssh/connection';
import { writeRunDirectories } from '../startRun';
import { checkOut } from './checkOut';
import { localFiles } from './localFiles';
import { runSetup } from './runSetup';
import { claimAll, sendFiles, type KnownRun, type SyncContext } from './syncFiles';

export interface PrepareContext {
  ssh: SshPool;
  launch: LaunchModel;
  cluster: ClusterModel;
  plan: Plan;
  facts: Facts;
  knownRun: (id: string) => KnownRun | undefined;
  /** Where the output of a set-up script of a host is kept. */
  setupLog: (host: string) => string;
  /** What is being done; throws Cancelled when it is not wanted any more. */
  step: (message: string) => void;
  /** From here on something of the run may be running on a host. */
  onSetup: () => void;
  signal: AbortSignal;
}

/** What is known once every host is ready to start. */
export interface Prepared {
  /** Warnings and notes: nothing that stops a launch. */
  findings: Finding[];
  baselines: Record<string, Baseline>;
  /** Exact commit in the workdir, where the launch checks one out. */
  commit: string | undefined;
}

/**
 * Everything between the plan and the start: looks at the hosts while the run directories are written and the files
 * compared, then brings files and set-up. What is wrong on any host is told at once, before anything has started.
 * @throws PreflightError; RankwiseError of what could not be written, copied, checked out or set up; Cancelled.
 */
export async function prepareHosts(context: PrepareContext): Promise<Prepared> {
  const { ssh, launch, cluster, plan, step, signal } = context;
  const { checkout, setupScripts } = plan;
  const folder = dirname(launch.source);
  if (launch.config !== undefined) refuseLinkOut(folder, launch.config);
  const files = await localFiles(folder, [...plan.sync, ...setupScripts], signal);
  const sync: SyncContext = { ...context, force: launch.skipChecks.includes('files') };
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const request = preflightRequest(launch, cluster, plan, bytes);

  step(`Checking ${count(plan.hosts.length, 'host')}`);
  const [looked, written, claims] = await Promise.allSettled([
    preflight(ssh, request, signal),
    writeRunDirectories(ssh, plan, signal),
    files.length === 0 && checkout === undefined ? [] : claimAll(sync, checkout === undefined ? files : []),
  ]);
  throwIfAborted(signal);
  if (looked.status === 'rejected') throw looked.reason;
  const { findings, baselines } = looked.value;
  const later = findings.filter((finding) => mayBeBrought(request, finding));
  refuseErrors(
    launch.name,
    findings.filter((finding) => !later.includes(finding)),
  );
  if (written.status === 'rejected') throw written.reason;
  if (claims.status === 'rejected') throw claims.reason;

  let claimed = claims.value;
  let commit: string | undefined;
  if (checkout !== undefined) {
    step(`Checking out ${checkout.ref}`);
    commit = await checkOut(sync, checkout, claimed);
    if (files.length > 0) claimed = await claimAll(sync, files);
  }
  const differing = new Set(claimed.flatMap(({ claim }) => claim.differing));
  if (differing.size > 0) {
    const large = files.filter(({ hash }) => hash === undefined).length;
    const how = large === 0 ? '' : ` (${large} large ones compared by size and time only)`;
    step(`Copying ${differing.size} of ${files.length} files${how}`);
    await sendFiles(sync, files, claimed);
  }
  if (setupScripts.length > 0) {
    context.onSetup();
    step('Setting up');
    const env = { ...cluster.env, ...launch.env };
    await runSetup({ ...sync, env, logFile: context.setupLog, say: (line) => step(`Setting up ${line}`) });
  }
  if (later.length > 0) await lookAgain(context, request, later);
  return { findings: findings.filter(({ severity }) => severity !== 'error'), baselines, commit };
}

/** Whether what was missing has come with the files, the checkout or the set-up. @throws PreflightError */
async function lookAgain(
  { ssh, launch, signal }: PrepareContext,
  request: PreflightRequest,
  later: readonly Finding[],
): Promise<void> {
  const hosts = request.hosts.filter(({ host }) => later.some((finding) => finding.host === host.name));
  const { findings } = await preflight(ssh, { ...request, hosts }, signal);
  const still = findings.filter((finding) => mayBeBrought(request, finding));
  if (still.length > 0) throw new PreflightError(launch.name, still);
}
