import { readShell, type Redirection, type ShellToken, type ShellWord } from './shellText';

/** One command of a list of commands. */
export interface ShellCommand {
  words: ShellWord[];
  redirections: Redirection[];
  /** As it is written, line continuations and all; here-documents behind it. */
  source: string;
  /** What parts it from the next one: `;`, `&&`, `|`, `&`, a line break; empty for the last. */
  after: string;
  /** A loop, a condition, a group or the definition of a function: its commands are not told apart. */
  isCompound: boolean;
}

const CLOSERS = new Map([
  ['for', 'done'],
  ['while', 'done'],
  ['until', 'done'],
  ['select', 'done'],
  ['if', 'fi'],
  ['case', 'esac'],
  ['{', '}'],
  ['[[', ']]'],
]);
const BETWEEN = new Set(['do', 'then', 'else', 'elif', '!', 'time']);

/**
 * The commands of a shell text, in order.
 * @throws ShellTextError as {@link readShell}.
 */
export function shellCommands(text: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  const closers: string[] = [];
  let tokens: ShellToken[] = [];
  let isCompound = false;
  let isFirst = true;
  const finish = (after: string): void => {
    const first = tokens[0];
    const last = tokens.at(-1);
    if (first !== undefined && last !== undefined) {
      const redirections = tokens.flatMap((token) =>
        token.kind === 'redirection' ? [token.redirection] : [],
      );
      commands.push({
        words: tokens.flatMap((token) => (token.kind === 'word' ? [token.word] : [])),
        redirections,
        source: text.slice(first.start, last.end) + redirections.map(hereDocument).join(''),
        after,
        isCompound,
      });
    }
    tokens = [];
    isCompound = false;
  };
  for (const token of readShell(text)) {
    const isWord = token.kind === 'word';
    const source = isWord ? token.word.source : token.kind === 'operator' ? token.text : '';
    const isBody = source === '{' && tokens[0]?.kind === 'word' && tokens[0].word.source === 'function';
    if ((isWord && isFirst) || isBody || source === '(' || source === ')') {
      const closer = source === '(' ? ')' : CLOSERS.get(source);
      if (source === closers.at(-1)) closers.pop();
      else if (closer !== undefined) closers.push(closer);
      if (closer !== undefined) isCompound = true;
    } else if (source === ']]' && source === closers.at(-1)) closers.pop();
    isFirst = isWord ? isFirst && BETWEEN.has(source) : token.kind === 'operator';
    const isEnd = token.kind === 'operator' && closers.length === 0 && source !== ')';
    if (isEnd) finish(source);
    else tokens.push(token);
  }
  finish('');
  return commands;
}

/** The lines of a here-document, which stand behind the line of its command. */
function hereDocument({ source }: Redirection): string {
  const at = source.indexOf('\n');
  return at < 0 ? '' : source.slice(at);
}
