import type { TrainingUse } from '../config/training/trainingUse';

/** What is known beside the text of a training configuration. */
export interface TrainingContext {
  use?: TrainingUse | undefined;
}
