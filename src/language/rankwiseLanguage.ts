import { rankwiseCompletions } from './rankwiseCompletion';
import type { RankwiseContext } from './rankwiseContext';
import { rankwiseFixes } from './rankwiseFixes';
import { rankwiseHover } from './rankwiseHover';
import { rankwiseFolding, rankwiseSymbols } from './rankwiseSymbols';
import type { LanguageService } from './types';

export type { RankwiseContext, RankwiseSite } from './rankwiseContext';

/** What `rankwise.yaml` offers in an editor. Names and their places are in `rankwiseNames`. */
export const rankwiseLanguage: LanguageService<RankwiseContext> = {
  completions: rankwiseCompletions,
  hover: rankwiseHover,
  symbols: rankwiseSymbols,
  fixes: rankwiseFixes,
  folding: rankwiseFolding,
};
