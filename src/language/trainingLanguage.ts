import { trainingCompletions } from './trainingCompletions';
import type { TrainingContext } from './trainingContext';
import { trainingFixes } from './trainingFixes';
import { trainingHover } from './trainingHover';
import { trainingInlayHints } from './trainingInlayHints';
import type { LanguageService } from './types';

export type { TrainingContext } from './trainingContext';

/** What an editor offers for a training configuration beside what it offers for every JSON file, such as its outline. */
export const trainingLanguage: LanguageService<TrainingContext> = {
  completions: trainingCompletions,
  hover: trainingHover,
  symbols: () => [],
  fixes: trainingFixes,
  inlayHints: trainingInlayHints,
};
