import { addressPattern, userPattern } from '../names';
import type { Range } from '../problem';
import { HostfileLines } from './hostfileLines';
import { readOpenMpi } from './openMpiReader';
import { readOwn } from './ownReader';

/** One host of a hostfile. */
export interface HostfileEntry {
  host: string;
  user: string | undefined;
  port: number | undefined;
  /** Undefined where the file does not say. A host on N lines without a count has N. */
  slots: number | undefined;
  /** Where the host stands. */
  range: Range;
}

export interface Hostfile {
  entries: HostfileEntry[];
}

/**
 * The hosts of a hostfile for the model of a cluster. Never throws; what is wrong with the file, `checkHostfile` says for each launcher.
 * Lines that Rankwise cannot read are left out, unless mpirun can start with the whole file: then its hosts are Open MPI's, as far as they are
 * names that ssh takes for no option.
 */
export function parseHostfile(text: string): Hostfile {
  const lines = HostfileLines.of(text);
  const own = readOwn(lines);
  const range = ({ start, end }: { start: number; end: number }): Range => lines.index.range(start, end);
  if (own.findings.length > 0) {
    const openMpi = readOpenMpi(lines);
    if (!openMpi.findings.some(({ severity }) => severity === 'error')) {
      const usable = openMpi.hosts.filter(
        ({ host, user }) => addressPattern.test(host) && (user === undefined || userPattern.test(user)),
      );
      return {
        entries: usable.map(({ host, user, port, slots, ...span }) => ({
          host,
          user,
          port: /^[1-9]\d{0,3}$|^[1-5]\d{4}$/.test(port ?? '') ? Number(port) : undefined,
          slots,
          range: range(span),
        })),
      };
    }
  }
  return {
    entries: own.lines.map(({ host, user, port, slots, ...span }) => ({
      host,
      user,
      port,
      slots,
      range: range(span),
    })),
  };
}
