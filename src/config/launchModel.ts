import type { LaunchModel, MatrixModel } from './model';
import type { Entry } from './parseRankwise';
import { launchSchema, type LaunchSpec } from './schema/launchSchema';
import { splitSecrets } from './secretVariables';

type Required =
  | 'name'
  | 'cluster'
  | 'launcher'
  | 'command'
  | 'np'
  | 'env'
  | 'secrets'
  | 'files'
  | 'onWorkerExit'
  | 'stop'
  | 'mpirun'
  | 'resolved'
  | 'source'
  | 'range';

/** Keys that may be left out read as undefined. */
type Complete<T> = T extends readonly (infer E)[]
  ? Complete<E>[]
  : T extends object
    ? { [K in keyof T]-?: Complete<T[K]> }
    : T;

/** What a launch has that says nothing of it. */
export const optionDefaults: Omit<LaunchModel, Required> = optionsOf(
  launchSchema.parse({ cluster: '', launcher: 'ssh' }),
);

/** The model of a launch without an error of its own. */
export function launchModel(file: string, entry: Entry<LaunchSpec> & { spec: LaunchSpec }): LaunchModel {
  const { spec } = entry;
  const { env, secrets } = splitSecrets(spec.env ?? {});
  const { mpirun } = spec as Complete<LaunchSpec>;
  return {
    ...optionsOf(spec),
    name: entry.name,
    cluster: spec.cluster,
    launcher: spec.launcher,
    command: spec.command ?? [],
    np: spec.np,
    env,
    ...(secrets.length === 0 ? {} : { secrets }),
    files: spec.files,
    onWorkerExit: spec.onWorkerExit,
    stop: spec.stop,
    mpirun,
    source: file,
    range: entry.range,
  };
}

function optionsOf(spec: LaunchSpec): Omit<LaunchModel, Required> {
  const complete = spec as Complete<LaunchSpec>;
  const { slurm } = complete;
  return {
    nodes: complete.nodes,
    gpus: complete.gpus,
    checkout: complete.checkout,
    setupScript: complete.setupScript,
    joinSeconds: complete.joinSeconds,
    skipChecks: complete.skipChecks,
    params: complete.params,
    presets: complete.presets,
    matrix: spec.matrix && matrixModel(spec.matrix),
    repeat: complete.repeat,
    parallel: complete.parallel,
    metrics: complete.metrics,
    config: complete.config,
    outputs: complete.outputs,
    packages: complete.packages,
    resume: complete.resume,
    horovodrun: complete.horovodrun,
    torchrun: complete.torchrun,
    deepspeed: complete.deepspeed,
    accelerate: complete.accelerate,
    mxnet: complete.mxnet,
    ray: complete.ray,
    slurm: { ...slurm, partition: slurm.partition ?? spec.partition },
    ssh: complete.ssh,
  };
}

function matrixModel({ include, exclude, ...axes }: NonNullable<LaunchSpec['matrix']>): MatrixModel {
  return { axes, include, exclude };
}
