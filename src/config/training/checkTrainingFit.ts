import { count } from '../../base/count';
import type { TrainingFinding } from './checkTraining';
import { commandResources } from './commandResources';
import type { JsonValue, TrainingDocument } from './readTraining';
import { countAt, trainingTotals } from './trainingTotals';
import type { TrainingLaunch, TrainingUse } from './trainingUse';

/** A finding at a value, true for some launches; without any, for the file by itself. */
interface Misfit {
  code: string;
  severity: 'warning' | 'information';
  key: string;
  /** A sentence that goes on after "For `a`, ". */
  reason: string;
}

/** Numbers of a configuration that contradict each other, the hosts, or the commands that it is used with. */
export function checkTrainingFit(document: TrainingDocument, use: TrainingUse): TrainingFinding[] {
  if (document.shape === undefined) return [];
  const byReason = new Map<string, { misfit: Misfit; launches: string[] }>();
  const launches = use.launches ?? [];
  const judge = document.shape.name === 'workers' ? workersMisfits : replicasMisfits;
  for (const launch of launches) {
    for (const misfit of judge(document, launch)) {
      const id = `${misfit.code}\n${misfit.key}\n${misfit.reason}`;
      const same = byReason.get(id);
      if (same === undefined) byReason.set(id, { misfit, launches: [launch.name] });
      else same.launches.push(launch.name);
    }
  }
  const own = document.shape.name === 'workers' ? contradictions(document) : [];
  return [
    ...own.map((misfit) => finding(document, misfit, [])),
    ...[...byReason.values()].map((found) => finding(document, found.misfit, found.launches)),
    ...idleGpus(document, launches),
  ].flatMap((one) => one ?? []);
}

function finding(
  document: TrainingDocument,
  { code, severity, key, reason }: Misfit,
  launches: readonly string[],
): TrainingFinding | undefined {
  const value = document.byKey.get(key)?.value;
  if (value === undefined) return undefined;
  const names = launches.slice(0, 3).map((name) => `\`${name}\``);
  if (launches.length > 3) names.push(`${launches.length - 3} more`);
  const message =
    names.length === 0
      ? `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`
      : `For the ${launches.length === 1 ? 'launch' : 'launches'} ${names.join(', ')}: ${reason}`;
  return { code, severity, message, start: value.start, end: value.end };
}

/** What a file of workers says against itself. */
function contradictions(document: TrainingDocument): Misfit[] {
  const nodes = countAt(document, 'nodes');
  const gpus = countAt(document, 'gpus');
  const workers = countAt(document, 'num_workers');
  const useGpu = valueAt(document, 'use_gpu')?.value;
  const found: Misfit[] = [];
  if (nodes !== undefined && gpus !== undefined && gpus > 0 && workers !== undefined && workers > 0) {
    if (workers !== nodes * gpus) {
      found.push({
        code: 'workers',
        // Without GPUs there is no rule for the number of processes on a host.
        severity: useGpu === false ? 'information' : 'warning',
        key: 'num_workers',
        reason: `\`num_workers\` is ${workers}, but \`nodes\` × \`gpus\` is ${nodes} × ${gpus} = ${nodes * gpus}. Write \`${nodes * gpus}\`, or correct the others.`,
      });
    }
  }
  if (useGpu === true && gpus === 0) {
    const reason = '`use_gpu` is `true`, but `gpus` is 0. Write `false`, or say how many GPUs each host has.';
    found.push({ code: 'noGpus', severity: 'warning', key: 'use_gpu', reason });
  }
  return found;
}

function workersMisfits(document: TrainingDocument, launch: TrainingLaunch): Misfit[] {
  const nodes = countAt(document, 'nodes');
  const gpus = countAt(document, 'gpus');
  const workers = countAt(document, 'num_workers');
  const useGpu = valueAt(document, 'use_gpu')?.value;
  const found: Misfit[] = [];
  const warn = (code: string, key: string, reason: string): void => {
    found.push({ code, severity: 'warning', key, reason });
  };
  const hosts = hostCount(launch);
  if (nodes !== undefined && hosts !== undefined && nodes > hosts)
    warn(
      'tooManyNodes',
      'nodes',
      `\`nodes\` is ${nodes}, but it runs on ${count(hosts, 'host')}. Write \`${hosts}\`, or add hosts.`,
    );
  const wantsGpus = useGpu !== false;
  if (useGpu === true && hasNoGpus(launch)) {
    const where = launch.gpus === 0 ? 'its `gpus` is 0' : 'its hosts have no GPU';
    warn(
      'noGpus',
      'use_gpu',
      `\`use_gpu\` is \`true\`, but ${where}. Write \`false\`, or choose hosts with GPUs.`,
    );
  } else if (wantsGpus && gpus !== undefined) {
    const fewer = fewerGpus(launch, gpus, nodes ?? 1);
    if (fewer !== undefined)
      warn('tooManyGpus', 'gpus', `\`gpus\` is ${gpus}, but ${fewer}. Lower it, or correct the hosts.`);
  }
  const total = totalGpus(launch);
  const isSpread = nodes !== undefined && gpus !== undefined;
  if (wantsGpus && !isSpread && workers !== undefined && total !== undefined && total > 0 && workers > total)
    warn(
      'tooManyWorkers',
      'num_workers',
      `\`num_workers\` is ${workers}, but it has ${count(total, 'GPU')}. Lower it, or add hosts.`,
    );
  return [...found, ...commandMisfits(launch, nodes, gpus)];
}

/** Options of the command that say something else than the file. */
function commandMisfits(
  launch: TrainingLaunch,
  nodes: number | undefined,
  gpus: number | undefined,
): Misfit[] {
  return commandResources(launch.words ?? []).flatMap(({ kind, text, value, offered }): Misfit[] => {
    const own = kind === 'gpus' ? gpus : nodes;
    if (own === undefined || own === value || (offered && own <= value)) return [];
    if (kind === 'gpus' && nodes !== undefined && own === value / nodes) {
      const all = `\`gpus\` is ${own} for each of ${nodes} hosts; its command says \`${text}\`, which is right only if it counts all of them together.`;
      return [{ code: 'commandDiffers', severity: 'information', key: kind, reason: all }];
    }
    const reason = `\`${kind}\` is ${own}, but its command says \`${text}\`. Let both say the same.`;
    return [{ code: 'commandDiffers', severity: 'warning', key: kind, reason }];
  });
}

function replicasMisfits(document: TrainingDocument, launch: TrainingLaunch): Misfit[] {
  const replicas = countAt(document, 'num_replicas');
  const total = totalGpus(launch);
  if (replicas === undefined || total === undefined || total === 0 || replicas <= total) return [];
  const reason = `\`num_replicas\` is ${replicas}, but it has ${count(total, 'GPU')}. Lower it, or take more hosts.`;
  return [{ code: 'tooManyReplicas', severity: 'warning', key: 'num_replicas', reason }];
}

/** GPUs that no launch of the file would use. With one replica each, trials may fill the others. */
function idleGpus(
  document: TrainingDocument,
  launches: readonly TrainingLaunch[],
): (TrainingFinding | undefined)[] {
  if (valueAt(document, 'use_gpu')?.value === false) return [];
  const { workers } = trainingTotals(document);
  const key = document.shape?.name === 'replicas' ? 'num_replicas' : 'num_workers';
  const totals = launches.map((launch) => (launch.gpus === undefined ? undefined : totalGpus(launch)));
  const [total] = totals;
  if (workers === undefined || workers < 2 || total === undefined) return [];
  if (totals.some((one) => one === undefined || one <= workers)) return [];
  const reason = `\`${key}\` is ${workers}, so that ${total - workers} of its ${total} GPUs stay idle.`;
  const names = launches.filter((_, index) => totals[index] === total).map(({ name }) => name);
  return [finding(document, { code: 'idleGpus', severity: 'information', key, reason }, names)];
}

function valueAt(document: TrainingDocument, key: string): JsonValue | undefined {
  return document.byKey.get(key)?.value;
}

/** How many hosts a launch runs on. */
function hostCount({ nodes, hosts }: TrainingLaunch): number | undefined {
  return nodes ?? hosts?.length;
}

function usedHosts({ nodes, hosts }: TrainingLaunch): TrainingLaunch['hosts'] {
  return hosts?.slice(0, nodes ?? hosts.length);
}

function hasNoGpus(launch: TrainingLaunch): boolean {
  const hosts = usedHosts(launch) ?? [];
  return launch.gpus === 0 || (hosts.length > 0 && hosts.every(({ gpus }) => gpus === 0));
}

/** GPUs of all hosts of a launch; undefined where one host does not say. */
function totalGpus(launch: TrainingLaunch): number | undefined {
  const hosts = hostCount(launch);
  if (launch.gpus !== undefined) return hosts === undefined ? undefined : hosts * launch.gpus;
  return usedHosts(launch)?.reduce<number | undefined>(
    (sum, { gpus }) => (sum === undefined || gpus === undefined ? undefined : sum + gpus),
    0,
  );
}

/** Why too few hosts have that many GPUs, in words; undefined where enough may have. */
function fewerGpus(launch: TrainingLaunch, wanted: number, nodes: number): string | undefined {
  if (launch.gpus !== undefined)
    return launch.gpus < wanted ? `it takes ${count(launch.gpus, 'GPU')} of each host` : undefined;
  const hosts = usedHosts(launch) ?? [];
  const places = hosts.map(({ name, gpus, slots }) => ({
    name,
    room: gpus ?? slots,
    isGpus: gpus !== undefined,
  }));
  const short = places.find(({ room }) => room !== undefined && room < wanted);
  const enough = places.filter(({ room }) => room === undefined || room >= wanted).length;
  if (short?.room === undefined || enough >= Math.min(nodes, hosts.length)) return undefined;
  return `${short.name} has ${count(short.room, short.isGpus ? 'GPU' : 'slot')}`;
}
