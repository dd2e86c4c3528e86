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

const lexer =
  /(?<blank>[ \t\f\v]+)|(?<newline>\r?\n)|(?<comment>(?:#|\/\/)[^\n]*(?<ended>\n)?)|(?<block>\/\*(?:[\s\S]*?(?<closed>\*\/)|[\s\S]*))|(?<equals>=)|(?<word>[A-Za-z0-9_,:*@.^+[\]~%;()|!?<>{}$&'`-]+)|[\s\S]/uy;

/**
 * Splits a hostfile as Open MPI 4.1.4 does (orte/util/hostfile/hostfile_lex.l, checked against the program): `#` and
 * `//` begin a comment anywhere, a block comment ends an entry as a line break does.
 */
export function lexHostfile(text: string): HostfileLexing {
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
  for (let match = lexer.exec(text); match !== null; match = lexer.exec(text)) {
    const start = match.index;
    const end = start + match[0].length;
    const { blank, newline, comment, ended, block, closed, equals, word } = match.groups ?? {};
    if (blank !== undefined) continue;
    if (newline !== undefined || comment !== undefined || block !== undefined) {
      endStatement();
      if (newline === '\r\n') result.firstCrlf ??= start;
      if (comment !== undefined && ended === undefined) result.lastLineComment = { start, end };
      if (block !== undefined && closed === undefined) result.unclosedComment = { start, end };
    } else {
      const kind = equals !== undefined ? 'equals' : word !== undefined ? 'word' : 'bad';
      statement.push({ kind, text: match[0], start, end });
    }
  }
  endStatement();
  return result;
}
