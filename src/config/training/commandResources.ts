/** An option of a command that says how many GPUs or hosts to use. */
export interface CommandResource {
  kind: 'gpus' | 'nodes';
  /** As it is written: `-g 2`, `--num-gpus=2`. */
  text: string;
  value: number;
  /** `ray start` offers GPUs, of which a training may take fewer. */
  offered: boolean;
}

const options: Readonly<Record<string, CommandResource['kind']>> = {
  '-g': 'gpus',
  '--gpus': 'gpus',
  '--num-gpus': 'gpus',
  '--num_gpus': 'gpus',
  '--gpus-per-node': 'gpus',
  '--gpus_per_node': 'gpus',
  '--nodes': 'nodes',
  '--num-nodes': 'nodes',
  '--num_nodes': 'nodes',
};

/**
 * The GPUs and hosts that a command asks for: options of a Python program, after its script or module, and `--num-gpus` of
 * `ray start`. The same letters mean other things to other programs, so they are not looked at.
 * @param words undefined for a word that is known only when it runs; `;` and the like end a program
 */
export function commandResources(words: readonly (string | undefined)[]): CommandResource[] {
  const found: CommandResource[] = [];
  let program: 'python' | 'ray' | undefined;
  for (const [index, word] of words.entries()) {
    if (word === undefined) continue;
    if (commandEnds.has(word)) program = undefined;
    else if (program === undefined && (word.endsWith('.py') || words[index - 1] === '-m')) program = 'python';
    else if (program === undefined && word === 'start' && /(?:^|\/)ray$/.test(words[index - 1] ?? ''))
      program = 'ray';
    if (program === undefined) continue;
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const kind = Object.hasOwn(options, name) ? options[name] : undefined;
    const value = equals < 0 ? words[index + 1] : word.slice(equals + 1);
    if (kind === undefined || value === undefined || !/^\d{1,6}$/.test(value)) continue;
    const text = equals < 0 ? `${word} ${value}` : word;
    found.push({ kind, text, value: Number(value), offered: program === 'ray' });
  }
  return found;
}

/** What ends a command and begins the next, as `shellWords` gives it. */
const commandEnds: ReadonlySet<string> = new Set([';', '&', '|', '\n', '(', ')']);
