import { createScanner } from 'jsonc-parser/lib/esm/main.js';

/** Lists and mappings in each other; a training configuration has two or three. */
const deepest = 100;

/**
 * Refuses JSON before a parser that recurses sees it. Running out of stack is no answer to deep nesting: an engine that
 * runs out of it while it compiles a regular expression ends the process instead of throwing.
 * @throws RangeError
 */
export function refuseDeepJson(text: string): void {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth++;
    else if (first === '}' || first === ']') depth = Math.max(0, depth - 1);
    if (depth > deepest) throw new RangeError(`JSON of more than ${deepest} levels`);
  }
}
