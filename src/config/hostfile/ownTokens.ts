/** A word, `=` or character of a hostfile, with its offsets. */
export interface HostfileToken {
  kind: 'word' | 'equals' | 'bad';
  text: string;
  start: number;
  end: number;
}

export interface HostfileLexing {
  /** Tokens of each entry; comments and blank lines leave nothing. */
  statements: HostfileToken[][];
  unclosedComment: { start: number; end: number } | undefined;
  /** Where the next line begins, or the text ends. */
  next: number;
}

/** Blanks, a line break, a comment, a block comment, a word, or any other character. */
const lexer =
  /[ \t\f\v]+|\r?\n|(?:#|\/\/)[^\n]*\n?|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|[A-Za-z0-9_,:*@.^+[\]~%;()|!?<>{}$&'`-]+|[\s\S]/uy;

const wordStart = /^[A-Za-z0-9_,:*@.^+[\]~%;()|!?<>{}$&'`-]/;

/**
 * Splits the entries that begin on one line of a hostfile: `#` and `//` begin a comment anywhere, a block comment ends an entry as a line
 * break does, and what stands behind its end is on that line too.
 * @param from where the line begins
 */
export function lexLine(source: string, from: number): HostfileLexing {
  const result: HostfileLexing = { statements: [], unclosedComment: undefined, next: source.length };
  let statement: HostfileToken[] = [];
  const endStatement = (): void => {
    if (statement.length > 0) result.statements.push(statement);
    statement = [];
  };
  for (let next = from; next < source.length;) {
    lexer.lastIndex = next;
    const match = lexer.exec(source);
    if (match === null) break;
    const start = next;
    next = lexer.lastIndex;
    const [text] = match;
    const end = start + text.length;
    if (/^[ \t\f\v]/.test(text)) continue;
    if (text.endsWith('\n') || /^(?:#|\/[/*])/.test(text)) {
      endStatement();
      const isBlock = text.startsWith('/*');
      if (isBlock && !(text.length >= 4 && text.endsWith('*/'))) result.unclosedComment = { start, end };
      if (!isBlock && text.endsWith('\n')) {
        result.next = next;
        break;
      }
    } else {
      const kind = text === '=' ? 'equals' : wordStart.test(text) ? 'word' : 'bad';
      statement.push({ kind, text, start, end });
    }
  }
  endStatement();
  return result;
}
