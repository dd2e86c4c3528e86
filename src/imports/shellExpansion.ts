/**
 * The end of what begins at `from`: `"…"`, `` `…` ``, `$(…)`, `<(…)`, `${…}`, `$'…'`, with all that is nested in it.
 * @returns the offset behind its last character, or 0 where it is not closed
 */
export function expansionEnd(text: string, from: number): number {
  const closers: string[] = [];
  let index = from;
  do {
    const character = text[index];
    const top = closers.at(-1);
    if (character === undefined) return 0;
    if (character === '\\' && top !== "'") index++;
    else if (character === top || (top === "$'" && character === "'")) closers.pop();
    else if (top !== "'" && top !== "$'") index += opened(text, index, closers);
    index++;
  } while (closers.length > 0);
  return index;
}

/** Notes what a character opens. @returns how many further characters belong to it */
function opened(text: string, index: number, closers: string[]): number {
  const character = text[index] ?? '';
  const next = text[index + 1] ?? '';
  const top = closers.at(-1);
  const isSubstitution = /[<>]/.test(character) && next === '(' && top === undefined;
  if (isSubstitution || (character === '$' && (next === '(' || next === '{'))) {
    closers.push(next === '(' ? ')' : '}');
    return 1;
  }
  if (character === '$' && next === "'" && top !== '"') {
    closers.push("$'");
    return 1;
  }
  if (character === '$' && next === '"' && top === undefined) {
    closers.push('"');
    return 1;
  }
  const isQuote = character === '"' || character === '`' || (character === "'" && top !== '"');
  if (isQuote) closers.push(character);
  else if (character === '(' && top === ')') closers.push(')');
  return 0;
}

/** The end of a variable's name that begins at `from`: letters and digits, or one special character. */
export function skipName(text: string, from: number): number {
  const name = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;
  name.lastIndex = from;
  return name.test(text) ? name.lastIndex : from;
}
