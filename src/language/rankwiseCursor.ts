import type { LineIndex } from '../config/lineIndex';
import { locate, type Path } from '../config/yamlPath';
import { parseYaml, type YamlMapping, type YamlNode } from '../config/yamlTree';
import { placesOf } from './rankwiseFile';

/** Where a person is typing, in a file that need not be complete. */
export interface Cursor {
  /** For a key: of its mapping. For a value: of the value. */
  path: Path;
  part: 'key' | 'value';
  /** Text of the key or value before the cursor. */
  before: string;
  /** What a completion replaces: the whole key or value where it stands on one line. */
  start: number;
  end: number;
  /** The tree with a word put in at the cursor. */
  root: YamlNode;
  /** The mapping in which a key is typed; the word at the cursor is one of its keys. */
  map: YamlMapping | undefined;
  /** No other key is there: a value may be meant as well. */
  isAlone: boolean;
  /** In text of several lines, behind `|` or `>`. */
  isBlockText: boolean;
  /** Inside braces or brackets. */
  isFlow: boolean;
  /** `"` or `'` around the text. */
  quote: string;
  /** A blank is missing behind the colon. */
  needsBlank: boolean;
  /** The key has its colon already. */
  hasColon: boolean;
}

/** A word that nobody writes: it shows in the tree where the cursor is. */
const mark = 'zqRankwiseCursorqz';

/**
 * Finds the cursor by putting a word there and reading the file with it, so that anchors, braces, lists and text of several
 * lines count as the parser counts them. Undefined in a comment.
 * @param offset UTF-16 units
 */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const typed = text.slice(lineStart, offset);
  const rest = /^[^\r\n]*/.exec(text.slice(offset))?.[0] ?? '';
  const isWord = /^[ \t]*(?:- +)*[\w.-]*$/.test(typed) && /^\s*(?:#.*)?$/.test(rest);
  const needsBlank = /^[ \t]*(?:- +)*[\w.-]+:$/.test(typed);
  const put = `${needsBlank ? ' ' : ''}${mark}${isWord ? ':' : ''}`;
  const edited = text.slice(0, offset) + put + text.slice(offset);
  const { root, lines } = parseYaml(edited);
  if (root === undefined) return undefined;
  for (const { path, part, node } of placesOf({ text: edited, root, lines })) {
    const written = part === 'key' ? String(path.at(-1)) : node.kind === 'scalar' ? node.text : '';
    const at = written.indexOf(mark);
    if (at < 0) continue;
    const own = part === 'key' ? path.slice(0, -1) : path;
    const around = locate(root, own).node;
    const map = part === 'key' && around.kind === 'map' ? around : undefined;
    const before = written.slice(0, at);
    const after = written.slice(at + mark.length).replace(/:.*$/s, part === 'key' ? '' : '$&');
    const isHere = text.slice(offset - before.length, offset) === before;
    const start = isHere ? offset - before.length : offset - (/[\w./@-]*$/.exec(typed)?.[0].length ?? 0);
    return {
      path: own,
      part,
      before,
      start,
      end: offset + (rest.startsWith(after) ? after.length : 0),
      root,
      map,
      isAlone: isWord && map?.entries.size === 1,
      isBlockText: part === 'value' && '|>'.includes(edited[lines.offset(node.range.start)] ?? ''),
      isFlow: isInFlow(edited, root, lines, own),
      quote: isHere ? (/["']/.exec(text[start - 1] ?? '')?.[0] ?? '') : '',
      needsBlank,
      hasColon: part === 'key' && /^[\w.-]*["']?[ \t]*:/.test(rest),
    };
  }
  return undefined;
}

function isInFlow(text: string, root: YamlNode, lines: LineIndex, path: Path): boolean {
  return path.some((_, index) => {
    const { node } = locate(root, path.slice(0, index + 1));
    const first = text[lines.offset(node.range.start)];
    return node.kind !== 'scalar' && (first === '{' || first === '[');
  });
}
