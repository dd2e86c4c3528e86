import type { RunState, RunView } from '../../runs/model';
import type { RunTransition } from '../runTransitions';
import { exitText, exitWithPlace } from '../../runs/exitText';
import { joinParts } from '../../text/format';
import { runTitle } from './runText';

/** A line for the log. */
export interface RunLogLine {
  level: 'info' | 'warn';
  text: string;
}

/** What the log says about a change of a run: where it runs, each step, how it ended, contact lost and regained. */
export function runLogLines({ before, now }: RunTransition): RunLogLine[] {
  if (now === undefined) return before === undefined ? [] : [info(`${runTitle(before)} was removed`)];
  const title = runTitle(now);
  const lines: RunLogLine[] = [];
  if (before === undefined) {
    const hosts = now.plan.hosts.map(({ name }) => name).join(', ');
    lines.push(info(`${title} is run ${now.id}: ${now.plan.launcher} on ${now.plan.cluster} (${hosts})`));
  }
  const state = stateLine(now.state);
  if (before === undefined || stateLine(before.state).text !== state.text) {
    lines.push({ level: state.level, text: `${title} ${state.text}` });
  }
  return [...lines, ...contactLines(title, before, now)];
}

function info(text: string): RunLogLine {
  return { level: 'info', text };
}

function stateLine(state: RunState): RunLogLine {
  switch (state.kind) {
    case 'preparing':
      return info(`is being prepared: ${state.step}`);
    case 'queued':
      return info(`is queued: ${state.reason}`);
    case 'running':
      return info('is running');
    case 'stopping':
      return info(`is being stopped: ${state.step}`);
    case 'gone':
      return {
        level: 'warn',
        text: `is gone from ${state.hosts.join(', ')}: no process and no exit record`,
      };
    case 'ended':
      return endLine(state);
  }
}

function endLine(state: Extract<RunState, { kind: 'ended' }>): RunLogLine {
  const proof = state.proven ? 'no process is left' : 'not proven that no process is left';
  switch (state.by) {
    case 'failedToStart':
      return { level: 'warn', text: `failed to start: ${state.message ?? exitText(state.exit.code)}` };
    case 'stop':
      return { level: state.proven ? 'info' : 'warn', text: joinParts(['was stopped', proof]) };
    case 'itself':
    case 'workerExit': {
      const failed = state.exit.code !== 0;
      const how = failed ? `failed: ${exitWithPlace(state.exit)}` : 'finished';
      const others = state.by === 'workerExit' ? 'the others were stopped' : undefined;
      return { level: failed || !state.proven ? 'warn' : 'info', text: joinParts([how, others, proof]) };
    }
  }
}

function contactLines(title: string, before: RunView | undefined, now: RunView): RunLogLine[] {
  return Object.entries(now.contact).flatMap(([host, contact]): RunLogLine[] => {
    const wasLost = before?.contact[host]?.kind === 'unreachable';
    if (contact.kind === 'unreachable' && !wasLost) {
      return [{ level: 'warn', text: `${title} lost contact with ${host}: ${contact.reason}` }];
    }
    const isBack = contact.kind === 'connected' && wasLost;
    return isBack ? [info(`${title} is in contact with ${host} again`)] : [];
  });
}
