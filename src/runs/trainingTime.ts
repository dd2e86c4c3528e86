import type { Plan } from '../launch/plan';
import type { Records } from './deriveState';

/**
 * How long a run's processes ran, in seconds: from the first start to the last end on each machine by that machine's own
 * clock, of which the longest counts. The clocks of two machines are never compared. Services and the submission of a job of
 * Slurm do not count. Undefined where no process wrote down both.
 */
export function trainingSeconds(
  { processes }: Pick<Plan, 'processes'>,
  records: Records,
): number | undefined {
  const besides = new Set(
    processes
      .filter(({ role, id }) => role === 'service' || id === 'submit')
      .map(({ host, id }) => `${host}/${id}`),
  );
  const spans = new Map<string, { from: number; to: number }>();
  for (const [host, list] of records) {
    for (const { id, node, startedAt, exit } of list) {
      if (startedAt === undefined || exit === undefined || besides.has(`${host}/${id}`)) continue;
      const { from, to } = spans.get(node ?? host) ?? { from: Infinity, to: -Infinity };
      spans.set(node ?? host, { from: Math.min(from, startedAt), to: Math.max(to, exit.at) });
    }
  }
  const longest = Math.max(...[...spans.values()].map(({ from, to }) => (to - from) / 1000));
  // A clock that was set back meanwhile measured nothing.
  return longest >= 0 ? longest : undefined;
}
