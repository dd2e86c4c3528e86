import { RankwiseError } from '../../base/errors';
import type { Finding } from './checks';

/** Hosts named one by one in a sentence; of more only the number is told. */
const MOST_NAMES = 4;

/** One line for each different reason: `node2: …`, `3 hosts (node1, node2, node4): …`. */
export function findingLines(findings: readonly Finding[]): string[] {
  const groups = new Map<string, { hosts: Set<string>; reason: string }>();
  for (const { check, severity, host, reason } of findings) {
    const key = `${check}\n${severity}\n${reason}`;
    const group = groups.get(key) ?? { hosts: new Set(), reason };
    groups.set(key, group);
    group.hosts.add(host);
  }
  return [...groups.values()].map(({ hosts, reason }) => {
    const names = [...hosts];
    const [only] = names;
    if (names.length === 1 && only !== undefined)
      return reason.includes(only) ? reason : `${only}: ${reason}`;
    const named = names.length <= MOST_NAMES ? ` (${names.join(', ')})` : '';
    return `${names.length} hosts${named}: ${reason}`;
  });
}

/** A launch that did not start because of what was found. The findings are there as data. */
export class PreflightError extends RankwiseError {
  constructor(
    launch: string,
    readonly findings: readonly Finding[],
  ) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const hosts = new Set(errors.map(({ host }) => host));
    const [host] = hosts;
    const steps = [...new Set(errors.flatMap(({ nextStep }) => nextStep ?? []))];
    super('preflight.failed', `launch "${launch}" cannot start: ${findingLines(errors).join(' · ')}`, {
      ...(hosts.size === 1 && host !== undefined ? { host } : {}),
      ...(steps.length === 0
        ? {}
        : { nextStep: steps.map((step) => step.replace(/\.$/, '')).join('; ') + '.' }),
    });
  }
}

/** @throws PreflightError `preflight.failed` where anything found is an error. */
export function refuseErrors(launch: string, findings: readonly Finding[]): void {
  if (findings.some(({ severity }) => severity === 'error')) throw new PreflightError(launch, findings);
}
