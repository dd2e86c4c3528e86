/** A token of Open MPI's lexer, with its offsets. `string` and `int` are what it ignores between settings. */
export interface OpenMpiToken {
  kind:
    | 'newline'
    | 'equals'
    | 'quoted'
    | 'relative'
    | 'int'
    | 'string'
    | 'name'
    | 'slots'
    | 'max-slots'
    | 'port'
    | 'username'
    | 'rank'
    | 'keyword'
    | 'bad'
    | 'end';
  text: string;
  start: number;
  end: number;
}

type Keyword = 'slots' | 'max-slots' | 'port' | 'username' | 'rank' | 'keyword';

/** Every word that is no name for Open MPI 4.1.4; `keyword` are those that it takes nowhere. */
const keywords = new Map<string, Keyword>([
  ['slots', 'slots'],
  ['cpu', 'slots'],
  ['count', 'slots'],
  ...['slots', 'cpu', 'count'].flatMap((word): [string, Keyword][] =>
    [`max-${word}`, `max_${word}`, `${word}-max`, `${word}_max`].map((spelling) => [spelling, 'max-slots']),
  ),
  ['port', 'port'],
  ['username', 'username'],
  ['user-name', 'username'],
  ['user_name', 'username'],
  ['rank', 'rank'],
  ...[
    'slot',
    'boards',
    'sockets',
    'sockets_per_board',
    'sockets-per-board',
    'cores',
    'cores_per_socket',
    'cores-per-socket',
  ].map((word): [string, Keyword] => [word, 'keyword']),
]);

/** Spellings of a setting in hostfiles of Open MPI. */
export function openMpiKeyword(word: string): Keyword | undefined {
  return keywords.get(word);
}

const blanks = /[ \t\f\v]*/y;
const lineComment = /(?:#|\/\/)[^\n]*\n/y;
const quoted = /"[^"]*"/y;
const relative = /\+(?:n[0-9]+|[eE]:[0-9]+|[eE])/y;
const string = /[A-Za-z0-9_,:*@-]+/y;
const name = /(?:\^?[A-Za-z0-9][A-Za-z0-9_-]*@)?[A-Za-z0-9][A-Za-z0-9_.-]*/y;

/**
 * Open MPI 4.1.4's lexer of hostfiles (orte/util/hostfile/hostfile_lex.l, checked against the program): at each place the
 * longest token wins. `#` and `//` begin a comment only where a line break ends it; both ends of a block comment, and
 * each line break in it, end an entry as a line break does.
 */
export class OpenMpiLexer {
  /** Where the next token is looked for. */
  position = 0;
  unclosedComment: number | undefined;
  private commentEnd: number | undefined;

  constructor(private readonly text: string) {}

  /** Whether a block comment was begun whose end is still to come. */
  get isInComment(): boolean {
    return this.commentEnd !== undefined;
  }

  next(): OpenMpiToken {
    if (this.commentEnd !== undefined) {
      const end = this.commentEnd;
      this.commentEnd = undefined;
      return this.token('newline', end, end);
    }
    const start = this.match(blanks, this.position) ?? this.position;
    this.position = start;
    const first = this.text[start];
    if (first === undefined) return this.token('end', start, start);
    if (first === '\n') return this.token('newline', start, start + 1);
    if (first === '=') return this.token('equals', start, start + 1);
    if (first === '#' || this.text.startsWith('//', start)) {
      const end = this.match(lineComment, start);
      if (end !== undefined) return this.token('newline', start, end);
    }
    if (this.text.startsWith('/*', start)) return this.blockComment(start);
    return this.word(start);
  }

  /** Goes on behind the end of this line. */
  skipLine(): void {
    const lineBreak = this.text.indexOf('\n', this.position);
    this.position = lineBreak < 0 ? this.text.length : lineBreak + 1;
  }

  private blockComment(start: number): OpenMpiToken {
    const close = this.text.indexOf('*/', start + 2);
    if (close < 0) {
      this.unclosedComment = start;
      return this.token('newline', start, this.text.length);
    }
    this.commentEnd = close + 2;
    return this.token('newline', start, close + 2);
  }

  private word(start: number): OpenMpiToken {
    const asString = this.match(string, start) ?? start;
    const asName = this.match(name, start) ?? start;
    if (asName > asString) return this.token('name', start, asName);
    if (asString > start) {
      const text = this.text.slice(start, asString);
      const kind = keywords.get(text) ?? (/^[0-9]+$/.test(text) ? 'int' : 'string');
      return this.token(kind, start, asString);
    }
    const end = this.match(quoted, start);
    if (end !== undefined) return this.token('quoted', start, end);
    const asRelative = this.match(relative, start);
    if (asRelative !== undefined) return this.token('relative', start, asRelative);
    return this.token('bad', start, start + String.fromCodePoint(this.text.codePointAt(start) ?? 0).length);
  }

  private match(pattern: RegExp, start: number): number | undefined {
    pattern.lastIndex = start;
    return pattern.test(this.text) ? pattern.lastIndex : undefined;
  }

  private token(kind: OpenMpiToken['kind'], start: number, end: number): OpenMpiToken {
    this.position = end;
    return { kind, text: this.text.slice(start, end), start, end };
  }
}
