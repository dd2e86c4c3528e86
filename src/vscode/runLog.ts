import type { Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { RunView } from '../runs/model';
import type { RunTransitions } from './runTransitions';
import { count } from '../text/format';
import { runLogLines } from './text/runLogText';
import { isActive, runTitle } from './text/runText';

/** Writes into the log what happens to runs, whoever asked for it. */
export class RunLog implements Disposable {
  private readonly subscription: Disposable;

  constructor(transitions: RunTransitions, runsAtStart: readonly RunView[], logger: Logger) {
    const open = runsAtStart.filter(({ state }) => isActive(state));
    const named = open.length === 0 ? '' : `: ${open.map(runTitle).join(', ')}`;
    logger.info(`${count(runsAtStart.length, 'run')} known, ${open.length} not seen ending yet${named}`);
    this.subscription = transitions.onDidChange((transition) => {
      for (const { level, text } of runLogLines(transition)) logger[level](text);
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
