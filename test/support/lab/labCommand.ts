import { run } from '../../../scripts/machine/command.mjs';

/** Runs a program that must succeed and gives its output. @throws Error with the whole output. */
export async function labCommand(program: string, ...args: string[]): Promise<string> {
  const { code, output } = await run(program, args);
  if (code === 0) return output;
  throw new Error(`${[program, ...args].join(' ')}: exit ${code}\n${output}`);
}
