import type { ClusterModel, LaunchModel } from '../../config/model';
import { applyParameters } from '../../launch/parameters';
import type { RunGroup, TrialSlot } from '../runGroup';
import type { StoredGroup, StoredTrial } from './group';
import { onSlot } from './slots';

/** What is launched for a trial. @throws RankwiseError as {@link applyParameters} and {@link onSlot} */
export function trialRun(
  { id, launch, values }: StoredGroup,
  cluster: ClusterModel,
  trial: StoredTrial,
  slot: TrialSlot | undefined,
): { launch: LaunchModel; cluster: ClusterModel; group: RunGroup } {
  const own = { id: trial.id, repeat: trial.repeat, values: trial.values };
  const group: RunGroup = {
    id,
    trial: trial.id,
    label: trial.label,
    repeat: trial.repeat,
    values: trial.values,
    ...(slot === undefined ? {} : { slot }),
  };
  const filled = applyParameters(launch, values, own);
  return { ...(slot === undefined ? { launch: filled, cluster } : onSlot(filled, cluster, slot)), group };
}
