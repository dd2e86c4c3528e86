import type { HostfileUse } from './hostfile/checkHostfile';
import { hostfileReader } from './hostfile/reading';
import type { ConfigModel } from './model';
import { trainingLaunch } from './training/trainingLaunch';
import type { TrainingUse } from './training/trainingUse';

/** What is known of the use of an sbatch script. */
export type SbatchUse = Record<string, never>;

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
        uses.hostfile = { launchers: [...new Set(file.uses.map(({ launch }) => hostfileReader(launch)))] };
        break;
      case 'sbatch':
        uses.sbatch = {};
        break;
      case 'training':
        uses.training = {
          launches: file.uses.map(({ launch, cluster }) => trainingLaunch(launch, cluster)),
        };
        break;
    }
  }
  return uses;
}
