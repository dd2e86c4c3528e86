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
  /** Start of the first `\r\n` outside a comment. */
  firstCrlf: number | undefined;
  /** A comment that the end of the file ends, not a line break. */
  lastLineComment: { start: number; end: number } | undefined;
  unclosedComment: { start: number; end: number } | undefined;
}

/** Blanks, a line break, a comment, a block comment, a word, or any other character. */
const lexer =
  /[ \t\f\v]+|\r?\n|(?:#|\/\/)[^\n]*\n?|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|[A-Za-z0-9_,:*@.^+[\]~%;()|!?<>{}$&'`-]+|[\s\S]/uy;

const wordStart = /^[A-Za-z0-9_,:*@.^+[\]~%;()|!?<>{}$&'`-]/;

/**
 * Splits a hostfile as Open MPI 4.1.4 does (orte/util/hostfile/hostfile_lex.l, checked against the program): `#` and
 * `//` begin a comment anywhere, a block comment ends an entry as a line break does.
 */
export function lexHostfile(source: string): HostfileLexing {
  const result: HostfileLexing = {
    statements: [],
    firstCrlf: undefined,
    lastLineComment: undefined,
    unclosedComment: undefined,
  };
  let statement: HostfileToken[] = [];
  const endStatement = (): void => {
    if (statement.length > 0) result.statements.push(statement);
    statement = [];
  };
  lexer.lastIndex = 0;
  for (let match = lexer.exec(source); match !== null; match = lexer.exec(source)) {
    const start = match.index;
    const [text] = match;
    const end = start + text.length;
    if (/^[ \t\f\v]/.test(text)) continue;
    if (text.endsWith('\n') || /^(?:#|\/[/*])/.test(text)) {
      endStatement();
      if (text === '\r\n') result.firstCrlf ??= start;
      else if (text.startsWith('/*')) {
        if (!/^..[\s\S]*\*\/$/.test(text)) result.unclosedComment = { start, end };
      } else if (!text.endsWith('\n')) result.lastLineComment = { start, end };
    } else {
      const kind = text === '=' ? 'equals' : wordStart.test(text) ? 'word' : 'bad';
      statement.push({ kind, text, start, end });
    }
  }
  endStatement();
  return result;
}
