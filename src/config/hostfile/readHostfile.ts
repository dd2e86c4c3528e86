import { LineIndex } from '../lineIndex';
import type { LauncherName } from '../model';
import type { Problem } from '../problem';
import { readDeepspeed } from './deepspeedReader';
import { readHorovodrun } from './horovodrunReader';
import { readMxnet } from './mxnetReader';
import { readOpenMpi } from './openMpiReader';
import { readOwn } from './ownReader';
import { PlainLines } from './plainLines';
import { dialectOf, type DialectReading, type HostfileDialect, type ReadHost } from './reading';

/** What a launcher reads in a hostfile, or why it refuses it. */
export type HostfileReading = { hosts: ReadHost[]; refused?: undefined } | { hosts: []; refused: Problem };

/**
 * What the program of a launcher reads in this text, host by host: Open MPI 4.1.4, horovodrun 0.28.1, DeepSpeed, MXNet's launch.py, and
 * for all others Rankwise. Never throws.
 * @param localNames further names of the machine on which mpirun is started
 */
export function readHostfile(
  text: string,
  launcher: LauncherName,
  localNames?: ReadonlySet<string>,
): HostfileReading {
  const { hosts, findings } = readDialect(text, dialectOf(launcher), new PlainLines(text), localNames);
  const first = findings.find(({ severity }) => severity === 'error');
  if (first === undefined) return { hosts };
  const { code, severity, message, start, end } = first;
  const refused = { code, severity, message, range: new LineIndex(text).range(start, end) };
  return { hosts: [], refused };
}

/** What one program makes of a text whose plain lines are known. */
export function readDialect(
  text: string,
  dialect: HostfileDialect,
  plain: PlainLines,
  localNames?: ReadonlySet<string>,
): DialectReading {
  switch (dialect) {
    case 'mpirun':
      return readOpenMpi(text, plain, localNames);
    case 'horovodrun':
      return readHorovodrun(text, plain);
    case 'deepspeed':
      return readDeepspeed(text, plain);
    case 'mxnet':
      return readMxnet(text, plain);
    case 'rankwise':
      return readOwn(text, plain);
  }
}
