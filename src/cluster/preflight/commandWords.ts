/** What of a command can be looked for on a host before it runs. */
export interface CommandWords {
  /** The program; undefined where the text does not tell it without being run. */
  program: string | undefined;
  /** The script that an interpreter is given, as far as it is plain to see. */
  script: string | undefined;
}

const PLAIN = /^[\w./+@%:,=-]+$|^~\/[\w./+@%:,=-]*$/;
const ASSIGNMENT = /^[A-Za-z_]\w*=[\w./+@%:,~$-]*\s+/;
const PREFIX = /^(?:exec|time|nohup)\s+(?!-)/;
const INTERPRETER = /(?:^|\/)(?:python[\d.]*|bash|sh|dash|perl|ruby|Rscript|julia)$/;
const SCRIPT = /\.(?:py|sh|pl|rb|R|jl)$/;

/**
 * The first words of a command. A string is shell text: only what is plain to see without running it is given, so that
 * nothing is ever called missing that the shell would find.
 */
export function commandWords(command: string | readonly string[]): CommandWords {
  if (typeof command !== 'string') {
    const [program, script] = command;
    // Literal: a tilde is not expanded, and what is not found so is nothing a person would look for.
    if (program?.startsWith('~') === true) return { program: undefined, script: undefined };
    return { program, script: scriptOf(program, script) };
  }
  let rest = command.trimStart();
  for (;;) {
    const shorter = rest.replace(ASSIGNMENT, '').replace(PREFIX, '');
    if (shorter === rest) break;
    rest = shorter;
  }
  const [, program = '', after = ''] = /^([^\s;&|<>()]+)(.*)/.exec(rest) ?? [];
  if (!PLAIN.test(program) || program.includes('=') || /^\s*\(/.test(after))
    return { program: undefined, script: undefined };
  const second = /^\s+([^\s;&|<>()]+)(?=$|[\s;&|<>])/.exec(after)?.[1];
  return {
    program,
    script: second !== undefined && PLAIN.test(second) ? scriptOf(program, second) : undefined,
  };
}

function scriptOf(program: string | undefined, second: string | undefined): string | undefined {
  const isScript =
    program !== undefined && second !== undefined && INTERPRETER.test(program) && SCRIPT.test(second);
  return isScript ? second : undefined;
}
