import { describeError, RankwiseError } from '../../base/errors';
import type { ClusterModel, LaunchModel } from '../../config/model';
import { clusterMachines } from '../../launch/machines';
import type { SshPool } from '../../ssh/connection';
import { listOutputs } from './listOutputs';

/**
 * The launch as it goes on from its newest checkpoint on the hosts: `resume.args` behind a command that is a list, and
 * CHECKPOINT, the path below the workdir, in the environment unless the launch sets it.
 * @throws RankwiseError `launch.noResume`, `run.noCheckpoint`; `cluster.hostsFailed` where a host does not answer: the newest
 * may be there.
 */
export async function resumed(
  ssh: SshPool,
  launch: LaunchModel,
  cluster: ClusterModel,
  say: (message: string) => void,
  signal?: AbortSignal,
): Promise<LaunchModel> {
  const { resume } = launch;
  if (resume === undefined) {
    throw new RankwiseError('launch.noResume', `launch "${launch.name}" does not say how to go on`, {
      nextStep: 'Add `resume:` to it in rankwise.yaml.',
    });
  }
  const hosts = clusterMachines(cluster);
  const workdir = cluster.workdir ?? '~';
  const { files, silent } = await listOutputs(
    ssh,
    { run: '-', hosts, workdir, globs: [resume.newest] },
    signal,
  );
  if (silent.length > 0) {
    const reasons = silent.map(({ reason }) => describeError(reason)).join(' · ');
    throw new RankwiseError('cluster.hostsFailed', `the newest checkpoint cannot be told: ${reasons}`);
  }
  const [newest] = files;
  if (newest === undefined) {
    throw new RankwiseError('run.noCheckpoint', `no host has a file ${resume.newest} in ${workdir}`, {
      nextStep: 'Start without going on.',
    });
  }
  say(`Going on from ${newest.path} of ${new Date(newest.modifiedAt).toISOString()} on ${newest.host}`);
  const without = hosts.filter(
    ({ name }) => !files.some(({ host, path }) => host === name && path === newest.path),
  );
  if (without.length > 0)
    say(`Warning: ${without.map(({ name }) => name).join(', ')}: no ${newest.path} there`);
  return withCheckpoint(launch, newest.path);
}

/** Pure part of {@link resumed}. */
export function withCheckpoint(launch: LaunchModel, path: string): LaunchModel {
  const { command, resume } = launch;
  const args = (resume?.args ?? []).map((arg) => arg.replaceAll('${checkpoint}', () => path));
  return {
    ...launch,
    command: typeof command === 'string' ? command : [...command, ...args],
    env: { CHECKPOINT: path, ...launch.env },
  };
}
