import { checkFile } from '../../config/checkFile';
import { usesOf } from '../../config/fileUses';
import { dialectOf } from '../../config/hostfile/reading';
import type { ConfigModel, LauncherName } from '../../config/model';
import type { Problem, Severity } from '../../config/problem';
import type { HostStatus } from '../../core';
import { hostfileRows } from '../../language/hostfileEditsRows';
import type { HostField, HostLine, HostsState, LauncherChip, LineProblem } from '../../protocol/hosts';
import { severities } from '../../protocol/hosts';
import { hostsLive } from './hostsLive';

/** What reads hostfiles: each by its own rules, which it shares with the launchers of its label. */
const readers: readonly { launcher: LauncherName; label: string }[] = [
  { launcher: 'mpirun', label: 'Open MPI' },
  { launcher: 'horovodrun', label: 'horovodrun' },
  { launcher: 'deepspeed', label: 'DeepSpeed' },
  { launcher: 'mxnet', label: 'MXNet launch.py' },
  { launcher: 'ssh', label: 'ssh, torchrun, accelerate, Ray' },
];

export interface HostsSource {
  /** Absolute path of the hostfile. */
  path: string;
  text: string;
  config: ConfigModel | undefined;
  checks: HostsChecks;
  trusted: boolean;
  status: (cluster: string, host: string) => HostStatus;
}

/** What the launchers make of a text: the same until it or the config changes. */
export interface HostsChecks {
  chips: LauncherChip[];
  /** The worst problem of each line, for the launchers that use the file. */
  byLine: ReadonlyMap<number, LineProblem>;
}

/**
 * Checks a hostfile for the launchers that use it, and for each reader apart. Total.
 * @param gpusOf what was found on hosts, by host
 */
export function hostsChecks(
  path: string,
  text: string,
  config: ConfigModel | undefined,
  gpusOf: ReadonlyMap<string, number>,
): HostsChecks {
  const { hostfile } = config === undefined ? {} : usesOf(path, config);
  const used = new Set(hostfile?.launchers?.map(dialectOf));
  const known = new Map([...(hostfile?.gpusOf ?? []), ...gpusOf]);
  const byLine = new Map<number, LineProblem>();
  for (const problem of checkFile('hostfile', path, text, config, { hostfile: { gpusOf: known } })) {
    const { line } = problem.range.start;
    if (isWorse(problem, byLine.get(line))) byLine.set(line, lineProblem(problem));
  }
  const chips = readers.map(({ launcher, label }): LauncherChip => {
    let worst: Problem | undefined;
    for (const problem of checkFile('hostfile', path, text, undefined, {
      hostfile: { launchers: [launcher] },
    })) {
      if (isWorse(problem, worst)) worst = problem;
    }
    return {
      id: launcher,
      label,
      used: used.has(dialectOf(launcher)),
      problem: worst === undefined || worst.severity === 'hint' ? null : lineProblem(worst),
    };
  });
  return { chips: [...chips.filter((chip) => chip.used), ...chips.filter((chip) => !chip.used)], byLine };
}

/** The picture of a hostfile that the hosts editor shows. Total. */
export function hostsState({ path, text, config, checks, trusted, status }: HostsSource): HostsState {
  const liveOf = hostsLive(path, config, trusted ? status : undefined);
  const lines = hostfileRows(text).map(({ kind, text, values, more }, index): HostLine => {
    const cell = (field: HostField): string => values[field]?.value ?? '';
    const [host, port] = [cell('host'), cell('port')];
    return {
      kind,
      text,
      host,
      slots: cell('slots'),
      user: cell('user'),
      port,
      note: cell('note'),
      more,
      live: kind === 'host' ? liveOf(host, port) : null,
      problem: checks.byLine.get(index) ?? null,
    };
  });
  return { lines, chips: checks.chips, noCheck: noCheck(path, config, trusted) };
}

function isWorse({ severity }: Problem, other: { severity: Severity } | undefined): boolean {
  return other === undefined || severities.indexOf(severity) < severities.indexOf(other.severity);
}

function lineProblem({ severity, message, range: { start } }: Problem): LineProblem {
  return { severity, message, line: start.line, character: start.character };
}

function noCheck(path: string, config: ConfigModel | undefined, trusted: boolean): string | null {
  if (!trusted) return 'This workspace is not trusted, so no host is asked.';
  if (clustersOf(path, config).length > 0) return null;
  return 'No cluster of rankwise.yaml names this file in `hosts:`, so it is not known how to reach its hosts.';
}

/** The clusters whose hosts this file lists. */
export function clustersOf(path: string, config: ConfigModel | undefined): string[] {
  return (config?.clusters ?? []).filter(({ hostfile }) => hostfile?.path === path).map(({ name }) => name);
}
