import { maxLineBytes, type Line } from '../lines';
import type { Attributed, WorkerKey } from './tagReader';

/** Open pieces of all writers together, in characters: beyond, the longest-waiting one is handed on as it is. */
const mostHeld = 4 * 1024 * 1024;

interface Open {
  key: WorkerKey;
  line: Line;
}

/**
 * Puts lines together that were cut while others wrote in between: one open piece per writer. A writer is a worker's
 * stream, such as standard error of rank 3.
 */
export class Pieces {
  private readonly open = new Map<string, Open>();
  private held = 0;

  /** Adds to the writer's line; `complete` hands it on. */
  add(writer: string, key: WorkerKey, piece: Line, complete: boolean, emit: Attributed): void {
    const before = this.open.get(writer);
    const line = before === undefined ? piece : joined(before.line, piece);
    if (before !== undefined) {
      this.open.delete(writer);
      this.held -= before.line.text.length;
    }
    if (complete) {
      emit(key, line);
      return;
    }
    if (before === undefined && line.text === '') return;
    this.open.set(writer, { key, line });
    this.held += line.text.length;
    if (this.held > mostHeld) this.handOnOldest(emit);
  }

  end(emit: Attributed): void {
    for (const { key, line } of this.open.values()) emit(key, line);
    this.open.clear();
    this.held = 0;
  }

  private handOnOldest(emit: Attributed): void {
    for (const [writer, { key, line }] of this.open) {
      this.open.delete(writer);
      this.held -= line.text.length;
      emit(key, line);
      return;
    }
  }
}

function joined(first: Line, second: Line): Line {
  const text = first.text + second.text;
  const cut = first.cut || second.cut || text.length > maxLineBytes;
  return {
    ...second,
    offset: first.offset,
    continues: first.continues,
    text: text.slice(0, maxLineBytes),
    bytes: first.bytes + second.bytes,
    cut,
  };
}
