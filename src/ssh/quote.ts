/**
 * Quotes one word for a POSIX shell. The only place where text of ours becomes shell text; property-tested against
 * a real `sh`.
 * @throws RangeError for NUL, which no shell word can hold.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new RangeError('a shell word cannot contain a NUL byte');
  if (/^[A-Za-z0-9_./:@+,-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quotes an argument array into one command line. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/** Quotes a remote path, letting a leading `~/` (or a lone `~`) mean the remote user's home. */
export function quotePath(path: string): string {
  if (path === '~') return '"$HOME"';
  if (path.startsWith('~/')) return `"$HOME"/${quote(path.slice(2))}`;
  return quote(path);
}
