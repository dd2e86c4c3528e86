import type { Plan } from './plan';
import { factsOf, type LaunchSpec } from './spec';

/**
 * Ports that the facts offered and the plan uses. Where somebody else takes one before the job does, another may stand
 * in its place; a port that the user wrote is not among them, since the plan then has no use for ours. Workers meet on
 * the head or on the first host.
 */
export function chosenPorts({ files }: Pick<Plan, 'files'>, spec: LaunchSpec): Plan['chosenPorts'] {
  const named = new Set(files.flatMap(({ content }) => content.match(/(?<!\d)\d{5}(?!\d)/g) ?? []));
  const { head, hosts } = spec.cluster;
  const places = new Map<number, string>();
  for (const host of [head, hosts[0]]) {
    const facts = host === undefined ? undefined : factsOf(spec, host.name);
    if (host === undefined || facts === undefined) continue;
    for (const port of [facts.freePort, ...facts.morePorts])
      if (named.has(String(port)) && !places.has(port)) places.set(port, host.name);
  }
  return [...places].map(([port, host]) => ({ host, port }));
}
