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
  const byTitle = (run: RunView): boolean =>
    `${run.launch}#${run.number}` === words || runTitle(run) === words;
  const exact =
    all.find(({ id }) => id === words) ??
    onlyOne(all.filter(byTitle), words) ??
    all.find(({ launch }) => launch === words) ??
    onlyOne(
      all.filter(({ id }) => id.startsWith(words)),
      words,
    );
  if (exact !== undefined) return exact;
  throw new RankwiseError('run.unknown', `there is no run ${words}`, {
    nextStep: 'List them with `runs`.',
  });
}

/** @throws RankwiseError `run.ambiguous` where there are more, naming them. */
function onlyOne(found: readonly RunView[], words: string): RunView | undefined {
  if (found.length < 2) return found[0];
  const ids = found.map(({ id }) => id).reverse();
  throw new RankwiseError('run.ambiguous', `${words} could be ${ids.join(' or ')}`, {
    nextStep: 'Name the run by its id.',
  });
}
