import { expansionEnd, skipName } from './shellExpansion';

/** One word of a shell command. */
export interface ShellWord {
  /** As it is written, without line continuations. */
  source: string;
  /** Without its quotes; undefined where only a shell can tell: `$x`, `$(…)`, `{a,b}`. `~` and `*` are left in it. */
  text: string | undefined;
  /** The shell passes on exactly `text`: nothing in it is expanded. */
  plain: boolean;
  /** It holds a `<placeholder>` of instructions, which the reader has to replace. */
  isPlaceholder?: true;
}

/** A redirection, as it is written: `2>&1`, `> log.txt`, or a here-document with its lines. */
export interface Redirection {
  source: string;
}

export type ShellToken =
  | { kind: 'word'; word: ShellWord; start: number; end: number }
  | { kind: 'redirection'; redirection: Redirection; start: number; end: number }
  /** `;`, `&&`, `|`, `(`, a line break, … */
  | { kind: 'operator'; text: string; start: number; end: number };

/** Why a text is no shell text, and from where. */
export class ShellTextError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const OPERATOR = /&&|\|\||;;|\|&|[;&|()]|\r?\n|\r/y;
const REDIRECTION = /(?:\d+|&)?(?:<<<|<<-?|<>|<&|>>|>\||>&|<|>)/y;
const BLANK = /(?:[ \t\f\v]|\\[ \t]*(?:\r?\n|\r)|\\$)+/y;
const COPIED_BREAK = /\\(?:[ \t]+(?:\r?\n|\r)|$)/y;
const CONTINUATION = /\\(?:\r?\n|\r)/y;
const COMMENT = /#[^\r\n]*/y;
/** What instructions write for the reader to fill in. */
const PLACEHOLDER = /<[^\s<>|&;()$`'"](?:[^<>\r\n|&;()$`'"]{0,58}[^\s<>|&;()$`'"])?>(?=[\s/:]|$)/y;
/** `<(…)`: a word that is the name of a file. */
const SUBSTITUTION = /[<>]\(/y;

/**
 * Reads shell text as bash does, as far as words, quotes and operators go, and expands nothing. It is read here and not
 * by a library, because those that split words forget how they were written, and a command is kept as it was.
 * @throws ShellTextError for a quote or bracket that is not closed.
 */
export function readShell(text: string): ShellToken[] {
  return new ShellReader(text).tokens();
}

class ShellReader {
  private at = 0;
  private readonly result: ShellToken[] = [];
  /** Delimiters of here-documents that begin on the next line. */
  private pending: { delimiter: string; token: Redirection }[] = [];

  /** Before this, no brace of a word begins an expansion. */
  private bracesSeen = 0;

  constructor(private readonly text: string) {}

  tokens(): ShellToken[] {
    while (this.at < this.text.length) {
      if (this.match(BLANK) !== undefined || this.match(COMMENT) !== undefined) continue;
      const start = this.at;
      const redirection = this.redirection();
      if (redirection !== undefined) {
        this.result.push({ kind: 'redirection', redirection, start, end: this.at });
        continue;
      }
      const operator = this.match(OPERATOR);
      if (operator === undefined) {
        this.result.push({ kind: 'word', word: this.word(), start, end: this.at });
        continue;
      }
      const isBreak = /[\r\n]/.test(operator);
      this.result.push({ kind: 'operator', text: isBreak ? '\n' : operator, start, end: this.at });
      if (isBreak) this.hereDocuments();
    }
    return this.result;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || found === '') return undefined;
    this.at += found.length;
    return found;
  }

  private looksLike(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  private redirection(): Redirection | undefined {
    if (this.looksLike(PLACEHOLDER) || this.looksLike(SUBSTITUTION)) return undefined;
    const operator = this.match(REDIRECTION);
    if (operator === undefined) return undefined;
    this.match(BLANK);
    const target = this.atWordEnd() ? undefined : this.word();
    const token: Redirection = {
      source: `${operator}${/[<>]$/.test(operator) && target !== undefined ? ' ' : ''}${target?.source ?? ''}`,
    };
    if (/<<-?$/.test(operator) && !operator.endsWith('<<<')) {
      this.pending.push({ delimiter: target?.text ?? target?.source ?? '', token });
    }
    return token;
  }

  private hereDocuments(): void {
    for (const { delimiter, token } of this.pending) {
      for (let isEnd = false; !isEnd && this.at < this.text.length;) {
        const rest = this.match(/[^\r\n]*/y) ?? '';
        this.match(/\r?\n|\r/y);
        token.source += `\n${rest}`;
        isEnd = rest.replace(/^\t+/, '') === delimiter;
      }
    }
    this.pending = [];
  }

  private atWordEnd(): boolean {
    const character = this.text[this.at];
    if (character === undefined || /[ \t\f\v\r\n]/.test(character)) return true;
    // A blank between the backslash and the end of the line came with the copy.
    if (character === '\\') return this.looksLike(COPIED_BREAK);
    if (!/[;&|()<>]/.test(character)) return false;
    return !this.looksLike(PLACEHOLDER) && !this.looksLike(SUBSTITUTION);
  }

  private word(): ShellWord {
    const word: ShellWord = { source: '', text: '', plain: true };
    while (!this.atWordEnd()) if (this.match(CONTINUATION) === undefined) this.part(word);
    return word;
  }

  /** Adds the next character, quoted text or expansion to a word. */
  private part(word: ShellWord): void {
    const { text, at: start } = this;
    const character = text[start] ?? '';
    const add = (end: number, value: string | undefined): void => {
      this.at = end;
      word.source += withoutContinuations(text.slice(start, end), character === "'");
      if (value === undefined) word.plain = false;
      word.text = word.text === undefined || value === undefined ? undefined : word.text + value;
    };
    if (character === '\\') return add(start + 2, text.slice(start + 1, start + 2));
    if (character === "'") {
      const end = this.closing(text.indexOf("'", start + 1));
      return add(end, text.slice(start + 1, end - 1));
    }
    if (character === '"') {
      const end = this.closing(expansionEnd(text, start) - 1);
      return add(end, insideDoubleQuotes(text.slice(start + 1, end - 1)));
    }
    if (character === '`' || character === '$' || this.looksLike(SUBSTITUTION)) {
      const isBare = character === '$' && !/[({'"]/.test(text[start + 1] ?? '');
      const end = isBare ? skipName(text, start + 1) : this.closing(expansionEnd(text, start) - 1);
      const isSign = isBare && end === start + 1 && text[end] !== '[';
      return add(end, isSign ? '$' : undefined);
    }
    if (this.looksLike(PLACEHOLDER)) {
      word.isPlaceholder = true;
      return add(PLACEHOLDER.lastIndex, text.slice(start, PLACEHOLDER.lastIndex));
    }
    if (character === '{' && this.expandsBraces()) return add(start + 1, undefined);
    const isTilde = character === '~' && /^$|[=:]$/.test(word.source.slice(-1));
    if (isTilde || /[*?[]/.test(character)) word.plain = false;
    add(start + 1, character);
  }

  /** Whether `{a,b}` or `{1..3}` may begin here, quoted parts and all: then only a shell knows what becomes of the word. */
  private expandsBraces(): boolean {
    const { text } = this;
    if (this.at < this.bracesSeen) return false;
    let isList = false;
    let index = this.at + 1;
    while (index < text.length && !/[\s;&|()<>]/.test(text[index] ?? '')) {
      const character = text[index] ?? '';
      if (character === '}' && isList) return true;
      if (character === ',' || text.startsWith('..', index)) isList = true;
      if (character === '\\') index += 2;
      else if (/["'`]/.test(character) || /^\$[({'"]/.test(text.slice(index, index + 2))) {
        index = expansionEnd(text, index) || text.length;
      } else index++;
    }
    this.bracesSeen = index;
    return false;
  }

  /** @param last offset of the closing character; negative: there is none. */
  private closing(last: number): number {
    if (last >= 0) return last + 1;
    throw new ShellTextError(`${this.text[this.at] ?? ''} is not closed`, this.at);
  }
}

function withoutContinuations(source: string, isSingleQuoted: boolean): string {
  return isSingleQuoted ? source : source.replaceAll(/\\(?:\r?\n|\r)/g, '');
}

function insideDoubleQuotes(source: string): string | undefined {
  let text = '';
  for (let index = 0; index < source.length; index++) {
    const character = source[index] ?? '';
    const next = source[index + 1] ?? '';
    if (character === '`' || (character === '$' && /[\w({[@*#?$!-]/.test(next))) return undefined;
    if (character !== '\\') text += character;
    else if (/["\\$`]/.test(next)) {
      text += next;
      index++;
    } else if (/[\r\n]/.test(next)) index += source.startsWith('\r\n', index + 1) ? 2 : 1;
    else text += character;
  }
  return text;
}
