import type { ConfigModel } from '../../config/model';
import type { HostStatus } from '../../core';
import type { HostLive } from '../../protocol/hosts';
import { withoutName } from '../text/hostText';

/**
 * Looks up what is known of the hosts of a hostfile, by host and port as the file says them.
 * @param status undefined: nothing may be shown
 */
export function hostsLive(
  path: string,
  config: ConfigModel | undefined,
  status: ((cluster: string, host: string) => HostStatus) | undefined,
): (host: string, port: string) => HostLive | null {
  const names = new Map<string, { cluster: string; name: string }>();
  for (const { name: cluster, hostfile, hosts } of config?.clusters ?? []) {
    if (hostfile?.path !== path) continue;
    for (const { name, target, peer } of hosts) {
      for (const key of [`${peer} ${target.port ?? ''}`, `${peer} `, `${target.host} `]) {
        if (!names.has(key)) names.set(key, { cluster, name });
      }
    }
  }
  return (host, port) => {
    const found = names.get(`${host} ${port}`) ?? names.get(`${host} `);
    return found === undefined || status === undefined
      ? null
      : liveOf(found.name, status(found.cluster, found.name));
  };
}

/** GPUs of the hosts that could be asked, by the host as a hostfile names it. */
export function foundGpus(
  path: string,
  config: ConfigModel | undefined,
  status: (cluster: string, host: string) => HostStatus,
): Map<string, number> {
  const found = new Map<string, number>();
  for (const { name: cluster, hostfile, hosts } of config?.clusters ?? []) {
    if (hostfile?.path !== path) continue;
    for (const { name, target } of hosts) {
      const known = status(cluster, name);
      if (known.kind === 'reachable') found.set(target.host, known.gpus.length);
    }
  }
  return found;
}

function liveOf(name: string, status: HostStatus): HostLive {
  const unknown = { gpus: null, gpuText: '' };
  switch (status.kind) {
    case 'unknown':
      return { kind: 'unknown', text: 'not checked yet', ...unknown };
    case 'checking':
      return { kind: 'checking', text: 'checking…', ...unknown };
    case 'unreachable':
      return { kind: 'unreachable', text: withoutName(name, status.reason), ...unknown };
    case 'reachable':
      return {
        kind: 'reachable',
        text: `${Math.round(status.latencyMs)} ms · load ${status.load.toFixed(1)}`,
        gpus: status.gpus.length,
        gpuText: status.gpus.map((gpu) => `GPU ${gpu.index}: ${gpu.name}`).join('\n'),
      };
  }
}
