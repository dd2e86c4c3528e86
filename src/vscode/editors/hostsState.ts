import { checkFile } from '../../config/checkFile';
import { usesOf } from '../../config/fileUses';
import type { ConfigModel, LauncherName } from '../../config/model';
import type { Problem, Severity } from '../../config/problem';
import type { HostStatus } from '../../core';
import { hostfileRows } from '../../language/hostfileEditsRows';
import type { HostField, HostLine, HostsState, LauncherChip, LineProblem } from '../../protocol/hosts';
import { severities } from '../../protocol/hosts';
import { hostsLive } from './hostsLive';

/** What reads hostfiles: each has its own rules. */
const dialects: readonly {
  id: string;
  label: string;
  launchers: readonly [LauncherName, ...LauncherName[]];
}[] = [
  { id: 'mpirun', label: 'Open MPI', launchers: ['mpirun'] },
  { id: 'horovodrun', label: 'horovodrun', launchers: ['horovodrun'] },
  { id: 'deepspeed', label: 'DeepSpeed', launchers: ['deepspeed'] },
  { id: 'mxnet', label: 'MXNet', launchers: ['mxnet'] },
  { id: 'ssh', label: 'ssh, torchrun, accelerate, Ray', launchers: ['ssh', 'torchrun', 'accelerate', 'ray'] },
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

/** Checks a hostfile for the launchers that use it, and for each dialect apart. Total. */
export function hostsChecks(path: string, text: string, config: ConfigModel | undefined): HostsChecks {
  const uses = config === undefined ? {} : usesOf(path, config);
  const used = new Set<LauncherName>(uses.hostfile?.launchers);
  const byLine = new Map<number, LineProblem>();
  for (const problem of checkFile('hostfile', path, text, config)) {
    const { line } = problem.range.start;
    if (isWorse(problem, byLine.get(line))) byLine.set(line, lineProblem(problem));
  }
  const chips = dialects.map(({ id, label, launchers }): LauncherChip => {
    const [launcher] = launchers;
    const options = { hostfile: { launchers: [launcher] } };
    let worst: Problem | undefined;
    for (const problem of checkFile('hostfile', path, text, undefined, options)) {
      if (isWorse(problem, worst)) worst = problem;
    }
    return {
      id,
      label,
      used: launchers.some((one) => used.has(one)),
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
