import { spawn } from 'node:child_process';
import { MachineError } from './machineError.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; default: this process's
 * @property {'collect' | 'show'} [output] `show` passes output through to the terminal as well
 * @property {string} [nextStep] what to do when it fails
 */

/**
 * Runs a program to its end without a shell and without standard input.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<{ code: number | null, output: string }>} both output streams as they came
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      from.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (options.output === 'show') to.write(text);
      });
    }
    child.on('error', (error) =>
      reject(
        new MachineError(
          `${program} could not be run: ${error.message}`,
          options.nextStep ?? `Install ${program}.`,
          { cause: error },
        ),
      ),
    );
    child.on('close', (code) => resolve({ code, output }));
  });
}

/**
 * Runs a program that must succeed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<string>} its output
 * @throws {MachineError} with the last lines of the output
 */
export async function must(program, args, options = {}) {
  const { code, output } = await run(program, args, options);
  if (code === 0) return output;
  const tail = output.trim().split('\n').slice(-12).join('\n');
  throw new MachineError(
    `${[program, ...args].join(' ')} failed with exit ${code}\n${tail}`,
    options.nextStep ?? 'The lines above say why.',
  );
}
