/**
 * The Python that a command starts, as it names it: `python`, `python3.11`, `/opt/env/bin/python`. Where the command
 * does not begin with one: `python`, as the setup lines make it. Safe as a word: a string command is only matched
 * where its first word has no character that a shell would interpret.
 */
export function pythonOf(command: string | readonly string[]): string {
  return namedPython(command) ?? 'python';
}

/** As {@link pythonOf}; undefined where the command begins otherwise. A `~` of a string command is not resolved here. */
export function namedPython(command: string | readonly string[]): string | undefined {
  const first =
    typeof command === 'string' ? /^\s*(?:exec\s+)?([\w./+-]+)(?=\s|$)/.exec(command)?.[1] : command[0];
  return first !== undefined && /(?:^|\/)python[\d.]*$/.test(first) ? first : undefined;
}
