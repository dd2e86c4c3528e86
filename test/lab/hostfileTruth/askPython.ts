import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePython, type PythonName } from '../../../scripts/machine/ensurePython.mjs';
import type { Verdict } from './verdict';

/** The launchers written in Python, with the environment that has each. */
export const pythonPrograms = {
  horovodrun: 'horovod',
  deepspeed: 'field',
  mxnet: 'mxnet',
} as const satisfies Record<string, PythonName>;
export type PythonProgram = keyof typeof pythonPrograms;

/** Lets the launchers' own parsers read all the texts, in one process. */
export async function askPython(
  questions: readonly (readonly [PythonProgram, string])[],
): Promise<Verdict[]> {
  const places = await Promise.all(
    Object.entries(pythonPrograms).map(async ([program, name]) => {
      const directory = await ensurePython(name, () => undefined);
      return `${program}=${join(directory, 'lib/python3.11/site-packages')}`;
    }),
  );
  const child = spawn('python3', [join(import.meta.dirname, 'readers.py'), ...places], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUTF8: '1' },
  });
  const pieces: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr.on('data', (piece: Buffer) => complaints.push(piece));
  const ended = new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  child.stdin.end(JSON.stringify(questions));
  const code = await ended;
  if (code !== 0)
    throw new Error(`readers.py ended with ${code ?? 'a signal'}: ${Buffer.concat(complaints).toString()}`);
  const answers = JSON.parse(Buffer.concat(pieces).toString()) as (
    { hosts: [string, string | number][] } | { refused: string }
  )[];
  return answers.map((answer) =>
    'refused' in answer ? answer : { hosts: answer.hosts.map(([host, value]) => `${host} ${value}`).sort() },
  );
}
