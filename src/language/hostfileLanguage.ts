import { hostfileCompletions } from './hostfileCompletions';
import type { HostfileContext } from './hostfileContext';
import { hostfileFixes } from './hostfileFixes';
import { hostfileFormat } from './hostfileFormat';
import { hostfileHover } from './hostfileHover';
import { hostfileFolding, hostfileSymbols } from './hostfileOutline';
import type { LanguageService } from './types';

export type { HostfileContext, KnownHost } from './hostfileContext';

/** What hostfiles offer in an editor. */
export const hostfileLanguage: LanguageService<HostfileContext> & {
  format: NonNullable<LanguageService<HostfileContext>['format']>;
  folding: NonNullable<LanguageService<HostfileContext>['folding']>;
} = {
  completions: hostfileCompletions,
  hover: hostfileHover,
  symbols: hostfileSymbols,
  fixes: hostfileFixes,
  folding: hostfileFolding,
  format: hostfileFormat,
};
