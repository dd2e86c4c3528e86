import type { RunView } from '../runs/model';
import { formatTimeOfDay } from '../text/format';

/**
 * What a person who waits for a run wants to hear beside its lines, each once: why it waits, that its workers begin, a host
 * that does not answer and that it does again, a worker that has not joined.
 */
export class News {
  private readonly told = new Map<string, string>();

  /** What is new since the last call, a line each. */
  of(run: RunView): string[] {
    return [...current(run)].flatMap(([about, text]) => {
      const before = this.told.get(about);
      if (before === text || (before === undefined && text === '')) return [];
      this.told.set(about, text);
      return [text === '' ? backText(about) : text];
    });
  }
}

/** By what they are about; empty: as it should be. */
function current({ state, contact, notJoined = [] }: RunView): Map<string, string> {
  const found = new Map<string, string>();
  if (state.kind === 'queued') found.set('', `queued: ${state.reason}`);
  else if (state.kind === 'running') found.set('', '');
  for (const [host, one] of Object.entries(contact)) {
    if (one.kind === 'unreachable')
      found.set(host, `${host} does not answer since ${formatTimeOfDay(one.since)}: ${one.reason}`);
    // A host that is being connected to has not answered yet.
    else if (one.kind === 'connected') found.set(host, '');
  }
  for (const { worker, reason } of notJoined)
    found.set(`worker ${worker}`, `${worker} has not joined: ${reason}`);
  return found;
}

function backText(about: string): string {
  return about === '' ? 'running' : `${about} answers again`;
}
