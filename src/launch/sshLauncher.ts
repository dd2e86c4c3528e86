import { interpreter, renderJob } from './jobScript';
import type { Plan, PlanFile, PlanProcess } from './plan';
import { planBase } from './planBase';
import { placeBySlot, plannedWorker, type Placement } from './slots';
import { factsOf, rendezvous, userEnvironment, workdirOf, type LaunchSpec } from './spec';

/**
 * One process per slot, with the variables PyTorch's `env://` rendezvous reads: RANK, LOCAL_RANK, WORLD_SIZE,
 * LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT. A host that does not say has one slot.
 * @throws RankwiseError as {@link placeBySlot}.
 */
export function planSsh(spec: LaunchSpec): Plan {
  const placements = placeBySlot(spec, (host) => host.slots ?? 1);
  const hosts = spec.cluster.hosts.filter((host) => placements.some((placed) => placed.host === host));
  const { env, notes } = userEnvironment(spec);
  const meeting = rendezvous(spec);
  const jobs = placements.map((placed) => job(spec, placed, placements, { ...meeting, ...env }));
  return {
    ...planBase(spec, hosts),
    files: jobs.map(({ file }) => file),
    processes: jobs.map(({ process }) => process),
    np: placements.length,
    workers: placements.map(plannedWorker),
    notes: [
      ...notes,
      `Workers meet at ${meeting.MASTER_ADDR}:${meeting.MASTER_PORT} (MASTER_ADDR, MASTER_PORT).`,
      'CUDA_VISIBLE_DEVICES is left alone: programs choose their GPU by LOCAL_RANK.',
      ...hosts
        .filter((host) => factsOf(spec, host.name)?.hasBash === false)
        .map(
          (host) => `${host.name} has no bash: the command runs under sh, without the login profile of bash.`,
        ),
    ],
  };
}

function job(
  spec: LaunchSpec,
  placed: Placement,
  all: readonly Placement[],
  shared: Record<string, string>,
): { file: PlanFile; process: PlanProcess } {
  const { host, localIndex, rank } = placed;
  const id = String(localIndex);
  const hasBash = factsOf(spec, host.name)?.hasBash ?? true;
  const env = {
    RANK: String(rank),
    LOCAL_RANK: id,
    WORLD_SIZE: String(all.length),
    LOCAL_WORLD_SIZE: String(all.filter((other) => other.host === host).length),
    ...shared,
  };
  const path = `${host.name}/${id}.sh`;
  const content = renderJob({
    title: `Worker ${host.name}/${id} (rank ${rank}) of launch ${spec.launch.name}, run ${spec.run}.\nThis is the job alone. By hand:  ${interpreter(hasBash).join(' ')} ${id}.sh`,
    env,
    workdir: workdirOf(spec),
    setup: spec.cluster.setup,
    command: spec.launch.command,
    hasBash,
  });
  return {
    file: { host: host.name, path, mode: 0o700, content },
    process: {
      id,
      host: host.name,
      role: 'worker',
      argv:
        typeof spec.launch.command === 'string' ? [...interpreter(hasBash), `${id}.sh`] : spec.launch.command,
      env,
      cwd: workdirOf(spec),
    },
  };
}
