import type { ConfigModel, LaunchModel, NamedFile } from './model';
import { namedPath } from './namedFiles';
import type { SbatchUse } from './sbatch/sbatchUse';
import { readTraining } from './training/readTraining';
import { countAt } from './training/trainingTotals';

/** How launches use an sbatch script: what all of them give on the command line, and their one training configuration. */
export function sbatchUse({ uses }: NamedFile, model: ConfigModel): SbatchUse {
  const launches = uses.map(({ launch }) => launch);
  const [first = {}, ...others] = launches.map(givenOptions);
  const common = Object.entries(first).filter(([long, value]) =>
    others.every((options) => options[long] === value),
  );
  return { given: Object.fromEntries(common), training: trainingOf(launches, model) };
}

/** What decides how many tasks and GPUs there are, by the long option that it is submitted as. */
function givenOptions({ np, nodes, gpus, slurm, matrix }: LaunchModel): Record<string, string> {
  const varied = Object.keys(matrix?.axes ?? {});
  const values: [long: string, name: string, value: string | number | undefined][] = [
    ['nodes', 'nodes', nodes],
    ['ntasks', 'np', np],
    ['ntasks-per-node', 'gpus', slurm.ntasksPerNode ?? (np === undefined ? gpus : undefined)],
    ['cpus-per-task', '', slurm.cpusPerTask],
    ['gres', 'gpus', slurm.gres ?? (gpus === undefined ? undefined : `gpu:${gpus}`)],
    ['array', '', slurm.array],
    ['partition', 'partition', slurm.partition],
    ['time', '', slurm.time],
    ['mem', '', slurm.mem],
  ];
  const known = values.filter(([, name, value]) => value !== undefined && !varied.includes(name));
  return Object.fromEntries(known.map(([long, , value]) => [long, String(value)]));
}

function trainingOf(launches: readonly LaunchModel[], model: ConfigModel): SbatchUse['training'] {
  const [config, ...others] = new Set(launches.map((launch) => launch.config));
  if (config === undefined || others.length > 0) return undefined;
  const path = namedPath(model.file, config);
  const text = model.files?.find((file) => file.kind === 'training' && file.path === path)?.text;
  if (text === undefined) return undefined;
  const document = readTraining(text);
  if (document.shape?.name !== 'workers') return undefined;
  return { file: config, nodes: countAt(document, 'nodes'), gpus: countAt(document, 'gpus') };
}
