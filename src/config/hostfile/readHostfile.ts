import type { LauncherName } from '../model';
import type { Problem } from '../problem';
import { readDeepspeed } from './deepspeedReader';
import { HostfileLines } from './hostfileLines';
import { readHorovodrun } from './horovodrunReader';
import { readMxnet } from './mxnetReader';
import { readOpenMpi } from './openMpiReader';
import { readOwn } from './ownReader';
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
  const lines = HostfileLines.of(text);
  const { hosts, findings } = readDialect(lines, dialectOf(launcher), localNames);
  const first = findings.find(({ severity }) => severity === 'error');
  if (first === undefined) return { hosts };
  const { code, severity, message, start, end } = first;
  const refused = { code, severity, message, range: lines.index.range(start, end) };
  return { hosts: [], refused };
}

/**
 * What one program makes of the lines of a hostfile.
 * @param refusalsOnly other findings may be left out
 */
export function readDialect(
  lines: HostfileLines,
  dialect: HostfileDialect,
  localNames?: ReadonlySet<string>,
  refusalsOnly = false,
): DialectReading {
  switch (dialect) {
    case 'mpirun':
      return readOpenMpi(lines, localNames);
    case 'horovodrun':
      return readHorovodrun(lines, refusalsOnly);
    case 'deepspeed':
      return readDeepspeed(lines);
    case 'mxnet':
      return readMxnet(lines, refusalsOnly);
    case 'rankwise':
      return readOwn(lines);
  }
}
