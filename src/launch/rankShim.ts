import { RankwiseError } from '../base/errors';
import type { HostModel } from '../config/model';
import { quote } from '../ssh/quote';
import { renderJob } from './jobScript';
import { hasBash, socketInterfaces, type LaunchContext } from './launchContext';
import type { PlanFile } from './plan';
import rankScript from './remote/rank.sh';
import { runDirectory } from './runDirectory';
import { factsOf, rendezvous, workdirOf } from './spec';

/** Variables by which launchers tell rank, local rank, number of processes, and number of processes of this host. */
const RANK_VARIABLES = {
  openmpi: [
    'OMPI_COMM_WORLD_RANK',
    'OMPI_COMM_WORLD_LOCAL_RANK',
    'OMPI_COMM_WORLD_SIZE',
    'OMPI_COMM_WORLD_LOCAL_SIZE',
  ],
  /** MPICH and Intel MPI. */
  pmi: ['PMI_RANK', 'MPI_LOCALRANKID', 'PMI_SIZE', 'MPI_LOCALNRANKS'],
  horovod: ['HOROVOD_RANK', 'HOROVOD_LOCAL_RANK', 'HOROVOD_SIZE', 'HOROVOD_LOCAL_SIZE'],
  torch: ['RANK', 'LOCAL_RANK', 'WORLD_SIZE', 'LOCAL_WORLD_SIZE'],
  /** `deepspeed` and old `torch.distributed.launch` do not tell the local number by torchrun's name. */
  torchOld: ['RANK', 'LOCAL_RANK', 'WORLD_SIZE', 'LOCAL_SIZE'],
} as const;

export interface RankShim {
  /** What tells the rank, first to last; `dmlc` numbers nobody, so that a free number of the host is taken. */
  by: readonly (keyof typeof RANK_VARIABLES)[] | 'dmlc';
  /**
   * How a rank finds which host it is on. `supervisor`: the launcher itself was started there by us. `nodeName`: it came
   * over the network, and `uname -n` tells.
   */
  host: 'supervisor' | 'nodeName';
  /** Names brought from the head's environment; a login profile on the host may not replace them. */
  forwarded?: readonly string[];
  /** What the job on a host is told beside the user's environment. */
  env?(host: HostModel): Record<string, string>;
  /** Whether the job is told MASTER_ADDR and MASTER_PORT; launchers of PyTorch tell them by themselves. */
  meeting: boolean;
}

/** What a launcher starts instead of the user's command; the home directory may differ from host to host. */
export function shimCommand(run: string): string[] {
  return ['sh', '-c', `exec sh "$HOME/${runDirectory(run)}/rank.sh"`];
}

/**
 * Files that give every worker a log and a record of its own whoever starts it: `rank.sh`, which a launcher starts once
 * per rank, names the worker and hands over to the recorder; `<host>/rank-job.sh` is the user's command for one rank.
 * No tag in an output has to be parsed.
 * @throws RankwiseError `launch.sameNodeName` when two hosts cannot be told apart.
 */
export function shimFiles(context: LaunchContext, shim: RankShim): PlanFile[] {
  if (shim.host === 'nodeName') refuseEqualNodeNames(context);
  const entry = entryScript(context, shim);
  return context.machines.flatMap((host): PlanFile[] => [
    { host: host.name, path: 'rank.sh', mode: 0o700, content: entry },
    {
      host: host.name,
      path: `${host.name}/rank-job.sh`,
      mode: 0o700,
      content: renderJob({
        title: `One rank of launch ${context.spec.launch.name}, run ${context.spec.run}: the job alone.`,
        env: {
          ...(shim.meeting ? rendezvous(context.spec) : {}),
          ...socketInterfaces(context, host, shim.forwarded),
          ...shim.env?.(host),
          ...context.env,
        },
        preamble: (shim.forwarded ?? [])
          .map((name) => `if [ -n "\${RANKWISE_X_${name}-}" ]; then export ${name}="$RANKWISE_X_${name}"; fi`)
          .join('\n'),
        workdir: workdirOf(context.spec),
        setup: context.spec.cluster.setup,
        command: context.spec.launch.command,
        hasBash: hasBash(context, host),
      }),
    },
  ]);
}

function entryScript({ spec, machines }: LaunchContext, { by, host, forwarded = [] }: RankShim): string {
  const identify =
    by === 'dmlc'
      ? 'case ${DMLC_ROLE-} in server | scheduler) claim "$DMLC_ROLE-" ;; *) claim "" ;; esac'
      : by.map((family) => `take ${RANK_VARIABLES[family].join(' ')}`).join(' || ');
  const cases = machines.map(({ name }) => {
    const nodeName = factsOf(spec, name)?.nodeName ?? `<node name of ${name}>`;
    return `  ${quote(nodeName)}) host=${quote(name)} ;;`;
  });
  const findHost =
    host === 'supervisor'
      ? ['host=$RANKWISE_HOST']
      : [
          'case $(uname -n) in',
          ...cases,
          '  *) echo "rankwise: no host of this run calls itself $(uname -n)" >&2; exit 1 ;;',
          'esac',
        ];
  return [
    '#!/bin/sh',
    ...`Started once per rank of launch ${spec.launch.name}, run ${spec.run}.`
      .split('\n')
      .map((line) => `# ${line}`),
    `run=${quote(spec.run)}`,
    ...findHost,
    ...forwarded.map((name) => `RANKWISE_X_${name}=\${${name}-}; export RANKWISE_X_${name}`),
    `identify() { ${identify}; }`,
    '',
    rankScript,
  ].join('\n');
}

/** A rank finds its host by `uname -n`; two hosts of one name would write into one directory. */
function refuseEqualNodeNames({ spec, machines }: LaunchContext): void {
  const byName = new Map<string, string>();
  for (const { name } of machines) {
    const nodeName = factsOf(spec, name)?.nodeName;
    if (nodeName === undefined) continue;
    const other = byName.get(nodeName);
    if (other !== undefined) {
      throw new RankwiseError(
        'launch.sameNodeName',
        `${other} and ${name} both call themselves ${nodeName}`,
        {
          host: name,
          nextStep: 'Give them different host names (hostnamectl), or list the machine once.',
        },
      );
    }
    byName.set(nodeName, name);
  }
}
