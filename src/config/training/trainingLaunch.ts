import type { ClusterModel, LaunchModel } from '../model';
import { referencesIn, fillReferences } from '../references';
import { shellWords } from './shellWords';
import type { TrainingLaunch } from './trainingUse';

/** What a training configuration is compared with: a launch as far as its files fix it. */
export function trainingLaunch(launch: LaunchModel, cluster: ClusterModel | undefined): TrainingLaunch {
  const { name, launcher, ray, slurm } = launch;
  const varied = variedNames(launch);
  const isSlurm = cluster?.slurm !== undefined;
  // A script of the user's says itself what it takes, and a Ray that is there has its own hosts.
  const unknown = slurm.script !== undefined || (launcher === 'ray' && ray.address !== undefined);
  const hosts = cluster?.hosts.map((host) => ({ name: host.name, slots: host.slots, gpus: host.gpus })) ?? [];
  const hasHosts = !unknown && !isSlurm && hosts.length > 0 && !varied.has('nodes');
  const offered = launcher === 'ray' ? ray.numGpus : undefined;
  return {
    name,
    launcher,
    hosts: hasHosts ? hosts : undefined,
    nodes: unknown || varied.has('nodes') ? undefined : (launch.nodes ?? (isSlurm ? 1 : undefined)),
    gpus: unknown || varied.has('gpus') ? undefined : (launch.gpus ?? offered),
    words: wordsOf(launch, varied),
  };
}

/** Parameters and resources that a preset or the matrix may change. */
function variedNames({ presets, matrix }: LaunchModel): ReadonlySet<string> {
  const sets = [...Object.values(presets), matrix?.axes ?? {}, ...(matrix?.include ?? [])];
  return new Set(sets.flatMap((set) => Object.keys(set)));
}

function wordsOf({ command, params }: LaunchModel, varied: ReadonlySet<string>): (string | undefined)[] {
  if (typeof command === 'string') return shellWords(command);
  const valueOf = (name: string): string | undefined =>
    varied.has(name) || !Object.hasOwn(params, name) ? undefined : params[name];
  return command.map((word) => {
    const isKnown = referencesIn(word).every(({ name }) => valueOf(name) !== undefined);
    return isKnown ? fillReferences(word, ({ name }) => valueOf(name)) : undefined;
  });
}
