import { quote } from '../ssh/quote';
import { renderJob } from './jobScript';
import type { HostModel } from '../config/model';
import { factsOf, rendezvous, workdirOf, type LaunchSpec } from './spec';
import { runDirectory } from './runDirectory';

/**
 * `rank.sh`, which mpirun starts once per rank: finds out which host this is, names the worker, and hands over to the
 * recorder. Output goes to one log per rank instead of through mpirun, so no tag has to be parsed.
 */
export function rankScript(
  spec: LaunchSpec,
  hosts: readonly HostModel[],
  forwarded: readonly string[],
): string {
  const cases = hosts.map((host) => {
    const nodeName = factsOf(spec, host.name)?.nodeName ?? `<node name of ${host.name}>`;
    return `  ${quote(nodeName)}) host=${quote(host.name)} ;;`;
  });
  const keep = forwarded.map((name) => `RANKWISE_X_${name}=\${${name}-}; export RANKWISE_X_${name}`);
  return `${[
    '#!/bin/sh',
    `# Started by mpirun once per rank of launch ${spec.launch.name}, run ${spec.run}.`,
    'case $(uname -n) in',
    ...cases,
    '  *) echo "rankwise: no host of this run calls itself $(uname -n)" >&2; exit 1 ;;',
    'esac',
    'RANK=$OMPI_COMM_WORLD_RANK LOCAL_RANK=$OMPI_COMM_WORLD_LOCAL_RANK WORLD_SIZE=$OMPI_COMM_WORLD_SIZE',
    'LOCAL_WORLD_SIZE=$OMPI_COMM_WORLD_LOCAL_SIZE RANKWISE_HOST=$host',
    'export RANK LOCAL_RANK WORLD_SIZE LOCAL_WORLD_SIZE RANKWISE_HOST',
    ...keep,
    `cd -- "$HOME/${runDirectory(spec.run)}/$host" || exit`,
    'ln -sf ../rank-job.sh "$LOCAL_RANK.sh"',
    'exec sh ./worker.sh "$LOCAL_RANK" attached',
  ].join('\n')}\n`;
}

/** `rank-job.sh`: the user's command for one rank, in a login shell after the setup lines. */
export function rankJobScript(
  spec: LaunchSpec,
  env: Record<string, string>,
  forwarded: readonly string[],
  hasBash: boolean,
): string {
  return renderJob({
    title: `One rank of launch ${spec.launch.name}, run ${spec.run}: the job alone.`,
    env: { ...rendezvous(spec), ...env },
    // A login profile may have replaced what `-x NAME` brought from the head; the user asked for the head's value.
    preamble: forwarded
      .map((name) => `if [ -n "\${RANKWISE_X_${name}-}" ]; then export ${name}="$RANKWISE_X_${name}"; fi`)
      .join('\n'),
    workdir: workdirOf(spec),
    setup: spec.cluster.setup,
    command: spec.launch.command,
    hasBash,
  });
}
