import { RankwiseError } from '../base/errors';
import type { RunView } from '../runs/model';

/** `digits #3`. */
export function runTitle({ launch, number }: RunView): string {
  return `${launch} #${number}`;
}

/** Whether nothing more can happen. */
export function isOver({ state }: RunView): boolean {
  return state.kind === 'ended' || state.kind === 'gone';
}

/**
 * The run a person means: by its id or the beginning of one, `LAUNCH#NUMBER`, or the newest run of a launch.
 * @param all newest first
 * @throws RankwiseError `run.unknown`, `run.ambiguous`.
 */
export function findRun(all: readonly RunView[], words: string): RunView {
  const exact =
    all.find(({ id }) => id === words) ??
    all.find((run) => `${run.launch}#${run.number}` === words || runTitle(run) === words) ??
    all.find(({ launch }) => launch === words);
  if (exact !== undefined) return exact;
  const [found, other] = all.filter(({ id }) => id.startsWith(words));
  if (found !== undefined && other === undefined) return found;
  if (found !== undefined && other !== undefined) {
    throw new RankwiseError('run.ambiguous', `${words} could be ${other.id} or ${found.id}`);
  }
  throw new RankwiseError('run.unknown', `there is no run ${words}`, {
    nextStep: 'List them with `runs`.',
  });
}
