import type { HostModel } from '../config/model';
import { pathOn, userPathOn, type LaunchContext } from './launchContext';
import type { PlanFile } from './plan';
import { hostDirectory } from './runDirectory';

/** A hostfile given to a launcher: the path it gets, and the file to write where it is not there already. */
export interface LaunchHostfile {
  path: string;
  files: PlanFile[];
}

/**
 * The hostfile for Open MPI: the user's own, byte for byte, unless the launch takes only a part of its hosts or slots.
 * Where it lies on the head, it is used there.
 */
export function openMpiHostfile(context: LaunchContext): LaunchHostfile {
  const { spec, head, hosts } = context;
  const { cluster, launch } = spec;
  const isWhole = launch.nodes === undefined && launch.gpus === undefined;
  if (isWhole && cluster.remoteHostfile !== undefined) {
    return { path: userPathOn(context, head, cluster.remoteHostfile), files: [] };
  }
  const text = isWhole ? cluster.hostfile?.text : undefined;
  const lines = hosts.map((host) => {
    const slots = launch.gpus ?? host.slots;
    return slots === undefined ? `${host.peer}\n` : `${host.peer} slots=${slots}\n`;
  });
  return written(context, head, text ?? lines.join(''));
}

/**
 * One `address slots=N` per line, the form that the strict parsers of horovodrun and DeepSpeed accept; hosts without
 * slots are left out.
 * @param host where the file is written.
 */
export function strictHostfile(
  context: LaunchContext,
  host: HostModel,
  slots: (host: HostModel) => number,
): LaunchHostfile {
  const lines = context.hosts
    .filter((one) => slots(one) > 0)
    .map((one) => `${one.peer} slots=${slots(one)}\n`);
  return written(context, host, lines.join(''));
}

/** One address per line, which is all that launch.py understands. */
export function addressList(context: LaunchContext, addresses: readonly string[]): LaunchHostfile {
  return written(context, context.head, addresses.map((address) => `${address}\n`).join(''));
}

function written(context: LaunchContext, host: HostModel, content: string): LaunchHostfile {
  return {
    path: pathOn(context, host, `${hostDirectory(context.spec.run, host.name)}/hostfile`),
    files: [{ host: host.name, path: `${host.name}/hostfile`, mode: 0o600, content }],
  };
}
