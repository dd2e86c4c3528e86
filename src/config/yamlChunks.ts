/** A piece of a file that is YAML by itself: a mapping with one key. */
export interface YamlChunk {
  key: string;
  text: string;
  /** Where it begins in the file. */
  start: number;
}

/** A key at the left margin that has nothing but entries below it. */
export interface YamlSection {
  key: string;
  /** Where its key begins in the file. */
  start: number;
  entries: YamlChunk[];
}

/**
 * Cuts a file into its entries, so that after a keystroke one of them has to be parsed again. Two levels are known: keys
 * at the left margin, and below one without a value on its line the keys at the next margin. Undefined for a file of any
 * other form, which has to be parsed as a whole: a line at one of these margins that is no plain key could continue what
 * stands above it. A piece that ends inside a bracket or a quote is an error by itself.
 */
export function yamlChunks(text: string): (YamlChunk | YamlSection)[] | undefined {
  if (/\r(?!\n)/.test(text)) return undefined;
  const parts: (YamlChunk | YamlSection)[] = [];
  const names = new Set<string>();
  let top: { key: string; start: number; isOpen: boolean; entries: YamlChunk[] } | undefined;
  let entry: { key: string; start: number } | undefined;
  let margin = 0;
  const closeEntry = (end: number): void => {
    if (entry !== undefined) top?.entries.push({ ...entry, text: text.slice(entry.start, end) });
    entry = undefined;
  };
  const closeTop = (end: number): void => {
    closeEntry(end);
    if (top === undefined) return;
    const { key, start, entries } = top;
    parts.push(entries.length > 0 ? { key, start, entries } : { key, start, text: text.slice(start, end) });
  };
  for (let start = 0; start < text.length;) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak < 0 ? text.length : lineBreak + 1;
    lineStart.lastIndex = start;
    const indent = lineStart.exec(text)?.[0].length ?? 0;
    const first = text[start + indent] ?? '\n';
    const isEntry = top === undefined || (top.isOpen && (entry === undefined || indent <= margin));
    if (first === '\t' || first === '\uFEFF') return undefined;
    if (!'\r\n#'.includes(first) && (indent === 0 || isEntry)) {
      plainKey.lastIndex = start + indent;
      const [, key, open] = plainKey.exec(text) ?? [];
      if (key === undefined) return undefined;
      if (indent === 0) {
        closeTop(start);
        top = { key, start, isOpen: open !== undefined, entries: [] };
      } else {
        if (top === undefined) return undefined;
        closeEntry(start);
        if (top.entries.length === 0) margin = indent;
        if (indent !== margin) return undefined;
        entry = { key, start };
      }
      const name = indent === 0 ? key : `${top.key}.${key}`;
      if (names.has(name)) return undefined;
      names.add(name);
    }
    start = end;
  }
  closeTop(text.length);
  return parts;
}

const lineStart = / */y;

/** A plain key; the second group is there where nothing but a comment follows it on its line. */
const plainKey = /([A-Za-z_][A-Za-z0-9_-]{0,99}):(?=[ \r\n]|$)( *(?:#[^\r\n]*)?\r?(?:\n|$))?/y;
