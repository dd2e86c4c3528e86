import type { Explanation } from './explain/explainExit';
import type { RunExit } from './model';
import type { StoredRun } from './registry';
import { jobEndText } from './slurm/jobEndText';
import type { JobWord } from './slurm/jobWord';
import type { Unproven } from './stopRun';

export type FinalState = NonNullable<StoredRun['final']>;
export type Ended = Extract<FinalState, { kind: 'ended' }>;

/** Begins what is told of a host without proof; always the last of a message. */
const LEFT = 'not proven empty: ';

/**
 * The final state of a run whose end was written down.
 * @param by whoever ended it.
 * @param unproven hosts that could not show that nothing is left.
 * @param lostPort what is to be said of a port that somebody else took.
 */
export function endedState(
  exit: RunExit,
  by: Ended['by'],
  unproven: readonly Unproven[],
  explanation: Explanation | undefined,
  lostPort?: string,
): Ended {
  const ended: Ended = {
    kind: 'ended',
    exit,
    by,
    ...messageOf([explanation?.text, lostPort]),
    proven: true,
    ...(explanation === undefined ? {} : { explanation }),
  };
  return withProof(ended, unproven);
}

/** The final state after another look at the hosts: what an earlier one could not prove is not told any longer. */
export function withProof({ message = '', ...ended }: Ended, unproven: readonly Unproven[]): Ended {
  const left = unproven.map((one) => `${LEFT}${one.host}: ${one.reason}`);
  const [told = ''] = message.split(new RegExp(`(?:^|; )${LEFT}`));
  return { ...ended, ...messageOf([told, ...left]), proven: unproven.length === 0 };
}

/**
 * The exit of a run whose job has ended, according to Slurm.
 * @param failure the first failure that the tasks wrote down.
 */
export function jobExit(
  word: JobWord & { kind: 'ended' },
  failure: RunExit,
  stopAsked: StoredRun['stopAsked'],
): RunExit {
  if (failure.code !== 0) return failure;
  const code = word.failed === 0 ? 0 : word.code || (stopAsked === undefined ? 1 : 0);
  return { code, process: undefined };
}

/** The final state with what Slurm says of the end in front. */
export function withJobWord(
  ended: Ended,
  word: JobWord & { kind: 'ended' },
  stopAsked: StoredRun['stopAsked'],
): Ended {
  return { ...ended, ...messageOf([jobEndText(word, stopAsked), ended.message]) };
}

function messageOf(parts: readonly (string | undefined)[]): { message?: string } {
  const message = parts.filter((part) => part !== undefined && part !== '').join('; ');
  return message === '' ? {} : { message };
}
