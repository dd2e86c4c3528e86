import type { RunView } from './model';

/**
 * What was stopped did not fail, whatever status the signal left: all workers where a person asked for it, and where
 * one worker failed, the others.
 * @param worker id
 */
export function wasStopped({ state }: Pick<RunView, 'state'>, worker: string): boolean {
  if (state.kind !== 'ended') return state.kind === 'stopping';
  return state.by === 'stop' || (state.by === 'workerExit' && state.exit.process !== worker);
}
