import type { ClusterModel, LaunchModel } from '../model';

/** Launchers that start one process for each slot and know nothing of GPUs. */
const bySlot = new Set(['ssh', 'mpirun', 'horovodrun', 'mxnet']);

/**
 * Why GPUs that a launch asks for would stay idle, or undefined. Of hosts with one slot nothing is said: one process may
 * use all GPUs of its host.
 */
export function idleGpus(
  { launcher, gpus = 0, nodes, ssh, matrix, np }: LaunchModel,
  { name, hosts }: ClusterModel,
): string | undefined {
  const used = hosts.slice(0, nodes ?? hosts.length);
  const isVaried = matrix !== undefined && ['gpus', 'nodes', 'np'].some((axis) => axis in matrix.axes);
  if (!bySlot.has(launcher) || ssh.per === 'host' || isVaried || np !== undefined) return undefined;
  if (gpus === 0 || used.length === 0 || used.some(({ slots = 1 }) => slots < 2)) return undefined;
  const slots = used.reduce((sum, host) => sum + (host.slots ?? 0), 0);
  const wanted = gpus * used.length;
  if (wanted <= slots) return undefined;
  const hostWords = used.length === 1 ? 'host' : 'hosts';
  return `${used.length} ${hostWords} × ${gpus} GPUs are ${wanted}, but \`${name}\` has ${slots} slots there: one process for each, so that ${wanted - slots} GPUs stay idle. Lower gpus, or correct the slots.`;
}
