import { RankwiseError } from '../../base/errors';
import type { ClusterModel } from '../../config/model';
import { gresGpus } from '../../config/sbatch/sbatchResources';
import { timeSeconds } from '../../config/sbatch/sbatchTime';
import type { SiteFacts, SitePartition } from '../../config/sbatch/siteFacts';
import type { SshPool } from '../../ssh/connection';
import { runScriptText } from '../../ssh/runScript';
import { withSlurm } from './findSlurm';
import siteScript from './remote/site.sh';

/**
 * What a Slurm site has: partitions and their limits, features, accounts, QOS. It seldom changes: to be asked once a
 * connection.
 * @throws RankwiseError `slurm.noLogin`, `slurm.noAnswer` with Slurm's words; `ssh.*`; Cancelled.
 */
export async function readSiteFacts(
  ssh: SshPool,
  { name, slurm, setup }: Pick<ClusterModel, 'name' | 'slurm' | 'setup'>,
  signal?: AbortSignal,
): Promise<SiteFacts> {
  if (slurm === undefined)
    throw new RankwiseError('slurm.noLogin', `cluster "${name}" is not a Slurm cluster`);
  const connection = await ssh.connect(slurm.login.target, signal);
  const script = withSlurm(siteScript);
  const text = await runScriptText(connection, 'Asking Slurm', script, [setup.join('\n')], signal);
  return parseSiteFacts(text, slurm.login.name);
}

/** Most names of nodes to offer; a larger site is not listed. */
const mostNodes = 2000;

/** @throws RankwiseError `slurm.noAnswer`. */
export function parseSiteFacts(text: string, login: string): SiteFacts {
  const lines = text.trimEnd().split('\n');
  const refused = lines.find((line) => line.startsWith('X '))?.slice(2);
  if (refused !== undefined || lines.at(-1) !== 'E') {
    const message = `Slurm does not answer on ${login}: ${refused?.trim() ?? 'cut short'}`;
    throw new RankwiseError('slurm.noAnswer', message, {
      host: login,
      nextStep: 'Try sinfo in a terminal on the login node.',
    });
  }
  const partitions = new Map<string, Kinds>();
  const nodes = new Set<string>();
  const accounts = new Set<string>();
  const qos = new Set<string>();
  let version: string | undefined;
  let maxArraySize: number | undefined;
  for (const line of lines) {
    const [mark, ...fields] = line.split(' ');
    const [first = '', second = '', third = ''] = fields;
    if (mark === 'V') version = first;
    else if (mark === 'M') maxArraySize = Number(first);
    else if (mark === 'P') addNodes(partitions, fields, nodes);
    else if (mark === 'L') {
      const partition = partitions.get(first);
      if (partition === undefined) continue;
      partition.isDefault = second === 'YES';
      partition.maxNodes = /^\d+$/.test(third) ? Number(third) : Infinity;
    } else if (mark === 'A') {
      accounts.add(first);
      for (const one of second.split(',')) if (one !== '') qos.add(one);
    }
  }
  const list = Array.from(partitions.values(), (kinds): SitePartition => ({
    ...kinds,
    gres: [...kinds.gres],
    features: [...kinds.features],
  }));
  const features = [...new Set(list.flatMap((partition) => partition.features))].sort();
  return {
    version,
    maxArraySize,
    partitions: list,
    features,
    nodes: nodes.size <= mostNodes ? [...nodes] : undefined,
    accounts: accounts.size === 0 ? undefined : [...accounts],
    qos: qos.size === 0 ? undefined : [...qos].sort(),
  };
}

/** A partition while its kinds of nodes are brought together. */
interface Kinds extends Omit<SitePartition, 'gres' | 'features'> {
  gres: Set<string>;
  features: Set<string>;
}

/** One line of sinfo: a kind of node of a partition. Each number is the most of any kind. */
function addNodes(partitions: Map<string, Kinds>, fields: string[], nodes: Set<string>): void {
  const [name, available, limit = '', count, cpus, memory, gres = '', features = '', ...names] = fields;
  if (name === undefined || count === undefined) return;
  const known = partitions.get(name) ?? {
    name,
    isDefault: false,
    isUp: available === 'up',
    maxTime: timeSeconds(limit) ?? Infinity,
    nodes: 0,
    maxNodes: Infinity,
    cpus: 0,
    memory: 0,
    gpus: 0,
    gres: new Set<string>(),
    features: new Set<string>(),
  };
  const resources = gres === '(null)' ? [] : gres.replaceAll(/\([^()]*\)/g, '').split(',');
  partitions.set(name, {
    ...known,
    nodes: known.nodes + (Number(count) || 0),
    cpus: Math.max(known.cpus, Number.parseInt(cpus ?? '', 10) || 0),
    memory: Math.max(known.memory, Number.parseInt(memory ?? '', 10) || 0),
    gpus: Math.max(known.gpus, gresGpus(resources.join(',')) ?? 0),
  });
  for (const one of resources) known.gres.add(one);
  if (features !== '(null)') for (const one of features.split(',')) known.features.add(one);
  // Ranges are not taken apart: a list of nodes may be given as sinfo writes it.
  for (const one of nodeNames(names.join(' '))) nodes.add(one);
}

/** `node[1-4],login` apart, outside of brackets. */
function nodeNames(list: string): string[] {
  const names = [''];
  let inBrackets = false;
  for (const character of list) {
    if (character === '[') inBrackets = true;
    else if (character === ']') inBrackets = false;
    if (character === ',' && !inBrackets) names.push('');
    else names.push(`${names.pop() ?? ''}${character}`);
  }
  return names.filter((name) => name !== '');
}
