import { visit } from 'jsonc-parser/lib/esm/main.js';
import { refuseDeepJson } from './jsonDepth';

/** The keys at the top of a JSON file with comments; none where it is no mapping. Never throws. */
export function topKeys(text: string): Set<string> {
  const keys = new Set<string>();
  let depth = 0;
  const deeper = (): void => {
    depth++;
  };
  const higher = (): void => {
    depth--;
  };
  try {
    refuseDeepJson(text);
    visit(text, {
      onObjectBegin: deeper,
      onArrayBegin: deeper,
      onObjectEnd: higher,
      onArrayEnd: higher,
      onObjectProperty: (key) => {
        if (depth === 1) keys.add(key);
      },
    });
  } catch (error) {
    // Nested too deeply: no configuration.
    if (!(error instanceof RangeError)) throw error;
  }
  return keys;
}
