import { hostname } from 'node:os';
import { readHostfile } from '../../../src/config/hostfile/readHostfile';
import type { PythonProgram } from './askPython';
import type { Verdict } from './verdict';

/** What Rankwise says that a program makes of a text, in the form of that program's own answer. */
export function askRankwise(program: 'mpirun' | PythonProgram, text: string): Verdict {
  const local = hostname().split('.', 1)[0] ?? '';
  const { hosts, refused } = readHostfile(text, program, new Set([local]));
  if (refused !== undefined) return { refused: refused.code };
  return {
    hosts: hosts
      .map(({ host, slots, port }) => {
        if (program === 'mxnet') return `${host} ${port ?? '22'}`;
        if (program === 'mpirun') return `${host === 'localhost' ? local : host} ${slots ?? 1}`;
        return `${host} ${slots ?? ''}`;
      })
      .sort(),
  };
}
