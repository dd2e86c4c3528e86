import type { HostfileUse } from './hostfile/checkHostfile';
import { hostfileReader } from './hostfile/reading';
import type { ConfigModel, NamedFile } from './model';
import { sbatchUse } from './sbatchUseOf';
import type { SbatchUse } from './sbatch/sbatchUse';
import { trainingLaunch } from './training/trainingLaunch';
import type { TrainingUse } from './training/trainingUse';

/** What the launches of a `rankwise.yaml` say of a file, by the kind they name it as. */
export interface FileUses {
  hostfile?: HostfileUse;
  sbatch?: SbatchUse;
  training?: TrainingUse;
}

/**
 * How the launches of a configuration use a file; each kind is there only if the file is named as such.
 * @param path absolute
 */
export function usesOf(path: string, model: ConfigModel): FileUses {
  const uses: FileUses = {};
  for (const file of model.files ?? []) {
    if (file.path !== path) continue;
    switch (file.kind) {
      case 'hostfile':
        uses.hostfile = hostfileUse(file);
        break;
      case 'sbatch':
        uses.sbatch = sbatchUse(file, model);
        break;
      case 'training':
        uses.training = { launches: file.uses.map(({ launch, cluster }) => trainingLaunch(launch, cluster)) };
        break;
    }
  }
  return uses;
}

function hostfileUse({ uses }: NamedFile): HostfileUse {
  const hosts = uses.flatMap(({ cluster }) => cluster?.hosts ?? []);
  const gpusOf = hosts.flatMap(({ target, peer, gpus }): [string, number][] =>
    gpus === undefined ? [] : [target.host, peer].map((name) => [name, gpus]),
  );
  return {
    namesHosts: true,
    launchers: [...new Set(uses.map(({ launch }) => hostfileReader(launch)))],
    gpusOf: new Map(gpusOf),
  };
}
