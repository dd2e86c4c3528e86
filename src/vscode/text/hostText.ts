import type { HostModel } from '../../config/model';
import type { HostStatus } from '../../core';
import { rowContexts, type RowContext } from '../ids';
import { count, joinParts } from '../../text/format';
import type { Row, RowIcon } from './row';

/** The row of a host. A practice host stands in no hostfile that could be opened. */
export function hostRow(host: HostModel, status: HostStatus, practice: boolean): Row {
  const description = statusText(host, status);
  return {
    label: host.name,
    description,
    tooltip: joinTooltip(host, description),
    icon: statusIcon(status),
    contextValue: hostContext(status, practice),
  };
}

/** Codes of logins that a person can carry on, by a password or a second factor. */
const personCodes: ReadonlySet<string> = new Set(['ssh.needsPerson', 'ssh.cancelledLogin', 'ssh.denied']);

function needsPerson(status: HostStatus): boolean {
  return status.kind === 'unreachable' && personCodes.has(status.code);
}

function hostContext(status: HostStatus, practice: boolean): RowContext {
  if (!practice && needsPerson(status)) return rowContexts.signInHost;
  if (status.kind === 'unreachable') {
    return practice ? rowContexts.unreachablePracticeHost : rowContexts.unreachableHost;
  }
  return practice ? rowContexts.practiceHost : rowContexts.host;
}

function statusText(host: HostModel, status: HostStatus): string {
  const slots = host.slots === undefined ? undefined : count(host.slots, 'slot');
  switch (status.kind) {
    case 'unknown':
      return joinParts([slots, 'not checked yet']);
    case 'checking':
      return joinParts([slots, 'checking…']);
    case 'reachable':
      return joinParts([
        slots,
        status.gpus.length === 0 ? count(status.cores, 'core') : `${status.gpus.length} GPU`,
        `load ${status.load.toFixed(1)}`,
        `${Math.round(status.latencyMs)} ms`,
      ]);
    case 'unreachable':
      if (needsPerson(status)) return `sign in again: ${withoutName(host.name, status.reason)}`;
      return `unreachable: ${withoutName(host.name, status.reason)}`;
  }
}

/** The row begins with the name: `node1 refused the connection (…)` becomes `refused the connection (…)`. */
export function withoutName(name: string, reason: string): string {
  return reason.startsWith(`${name} `) ? reason.slice(name.length + 1) : reason;
}

function joinTooltip(host: HostModel, description: string): string {
  const { target } = host;
  const user = target.user === undefined ? '' : `${target.user}@`;
  const port = target.port === undefined ? '' : `:${target.port}`;
  return `${host.name} (${user}${target.host}${port})\n${description}`;
}

function statusIcon(status: HostStatus): RowIcon {
  switch (status.kind) {
    case 'unknown':
      return { id: 'circle-outline' };
    case 'checking':
      return { id: 'loading~spin' };
    case 'reachable':
      return { id: 'circle-filled', color: 'charts.green' };
    case 'unreachable':
      return needsPerson(status)
        ? { id: 'key', color: 'list.warningForeground' }
        : { id: 'error', color: 'list.errorForeground' };
  }
}

/** The row of a GPU below its host. */
export function gpuRow(gpu: { index: number; name: string }): Row {
  return { label: `GPU ${gpu.index}`, description: gpu.name, tooltip: gpu.name, icon: { id: 'chip' } };
}
