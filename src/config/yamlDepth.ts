import { Parser, type CST } from 'yaml';

/** Levels of lists and mappings in each other; a `rankwise.yaml` has fewer than ten. */
const deepest = 100;

/**
 * Whether YAML is nested too deeply for a parser that recurses. Running out of stack is no answer to that: an engine that
 * runs out of it while it compiles a regular expression ends the process instead of throwing.
 */
export function isTooDeep(text: string): boolean {
  if (mostLevels(text) <= deepest) return false;
  for (const token of new Parser().parse(text)) {
    if (token.type === 'document' && token.value !== undefined && isDeep(token.value)) return true;
  }
  return false;
}

/** As many levels as the text could have at most, by a look at its characters: cheap, and mostly far too many. */
function mostLevels(text: string): number {
  let brackets = 0;
  let deepestLine = 0;
  let line = 0;
  let isIndent = true;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x0a:
      case 0x0d:
        line = 0;
        isIndent = true;
        break;
      case 0x20:
        // A list may stand as far left as its key.
        if (isIndent) line += 2;
        break;
      case 0x5b:
      case 0x7b:
        brackets++;
        isIndent = false;
        break;
      case 0x2d:
      case 0x3a:
      case 0x3f:
        line++;
        isIndent = false;
        break;
      default:
        isIndent = false;
    }
    if (line > deepestLine) deepestLine = line;
  }
  return brackets + deepestLine;
}

/** Without recursion. */
function isDeep(root: CST.Token): boolean {
  let level: CST.Token[] = [root];
  for (let depth = 0; depth <= deepest; depth++) {
    level = level.flatMap((token) =>
      'items' in token ? token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat()) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}
