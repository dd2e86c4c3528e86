import type { PlainLine, PlainLines } from './plainLines';

/** A word, `=` or character of a hostfile, with its offsets. */
export interface HostfileToken {
  kind: 'word' | 'equals' | 'bad';
  text: string;
  start: number;
  end: number;
}

export interface HostfileLexing {
  /** Tokens of each entry, or the plain line that it is; comments and blank lines leave nothing. */
  statements: (HostfileToken[] | PlainLine)[];
  unclosedComment: { start: number; end: number } | undefined;
}

/** Blanks, a line break, a comment, a block comment, a word, or any other character. */
const lexer =
  /[ \t\f\v]+|\r?\n|(?:#|\/\/)[^\n]*\n?|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|[A-Za-z0-9_,:*@.^+[\]~%;()|!?<>{}$&'`-]+|[\s\S]/uy;

const wordStart = /^[A-Za-z0-9_,:*@.^+[\]~%;()|!?<>{}$&'`-]/;

/** Splits a hostfile: `#` and `//` begin a comment anywhere, a block comment ends an entry as a line break does. */
export function lexHostfile(source: string, plain: PlainLines): HostfileLexing {
  const result: HostfileLexing = { statements: [], unclosedComment: undefined };
  const plainAt = plain.reader();
  let statement: HostfileToken[] = [];
  const endStatement = (): void => {
    if (statement.length > 0) result.statements.push(statement);
    statement = [];
  };
  for (let next = 0; next < source.length;) {
    const line = statement.length === 0 ? plainAt(next) : undefined;
    if (line !== undefined) {
      result.statements.push(line);
      next = line.end + 1;
      continue;
    }
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
      if (text.startsWith('/*') && !(text.length >= 4 && text.endsWith('*/'))) {
        result.unclosedComment = { start, end };
      }
    } else {
      const kind = text === '=' ? 'equals' : wordStart.test(text) ? 'word' : 'bad';
      statement.push({ kind, text, start, end });
    }
  }
  endStatement();
  return result;
}
