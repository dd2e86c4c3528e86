import { sbatchCompletions } from './sbatchCompletions';
import type { SbatchContext } from './sbatchContext';
import { sbatchFixes } from './sbatchFixes';
import { sbatchHover } from './sbatchHover';
import { sbatchInlayHints } from './sbatchInlayHints';
import { sbatchSymbols } from './sbatchSymbols';
import type { LanguageService } from './types';

export type { SbatchContext } from './sbatchContext';

/** What an editor offers for an sbatch script. */
export const sbatchLanguage: LanguageService<SbatchContext> = {
  completions: sbatchCompletions,
  hover: sbatchHover,
  symbols: sbatchSymbols,
  fixes: sbatchFixes,
  inlayHints: sbatchInlayHints,
};
