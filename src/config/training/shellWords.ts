/**
 * The words of a text for a shell, as far as they are plain to see without running it: quotes are taken off, a word that the
 * shell would change (`$x`, `*`, a backquote) is undefined, and `;`, `&`, `|`, `(`, `)` and line ends are words of their own.
 * Linear in the length of the text.
 */
export function shellWords(text: string): (string | undefined)[] {
  const words: (string | undefined)[] = [];
  let word: string | undefined;
  let known = true;
  const end = (): void => {
    if (word !== undefined) words.push(known ? word : undefined);
    word = undefined;
    known = true;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === ' ' || character === '\t' || character === '\r') end();
    else if (';&|()\n'.includes(character)) {
      end();
      words.push(character);
    } else if (character === '#' && word === undefined) {
      const line = text.indexOf('\n', at);
      at = (line < 0 ? text.length : line) - 1;
    } else if (character === '\\') {
      const next = text.charAt(at + 1);
      if (next !== '\n') word = (word ?? '') + next;
      at++;
    } else if (character === "'" || character === '"') {
      const close = text.indexOf(character, at + 1);
      const inside = text.slice(at + 1, close < 0 ? text.length : close);
      if (close < 0 || (character === '"' && /[$`\\]/.test(inside))) known = false;
      word = (word ?? '') + inside;
      at = close < 0 ? text.length : close;
    } else {
      if ('$`*?[]{}<>'.includes(character)) known = false;
      word = (word ?? '') + character;
    }
  }
  end();
  return words;
}
