import type { EditorToExtension, EditorToPage, Outcome } from '../../src/protocol/editor';
import type { HostApi } from './hostApi';

export interface EditorEvents<State> {
  /** The text is another, or what is known about it. */
  shown(state: State): void;
  /** A change was not made; `message` says why, or is empty where the text had changed meanwhile. */
  notMade(outcome: Exclude<Outcome, 'done'>, message: string): void;
}

/** Makes a change for the state that it is given; undefined: nothing is to change any more. */
type MakeEdit<State, Edit> = (state: State) => Edit | undefined;

/**
 * The page's side of a custom text editor. One change is under way at a time; further ones wait for its answer, and
 * are made for the state that they find then, so that a key that is held down loses nothing.
 */
export class EditorClient<State, Edit, Ask> {
  private shown: { version: number; state: State } | undefined;
  private readonly waiting: { make: MakeEdit<State, Edit>; done: () => void }[] = [];
  private underWay: (() => void) | undefined;
  private readonly stop: () => void;

  constructor(
    private readonly api: HostApi<EditorToExtension<Edit, Ask>, EditorToPage<State>>,
    private readonly events: EditorEvents<State>,
  ) {
    this.stop = api.listen((message) => this.receive(message));
    api.post({ type: 'ready' });
  }

  /** What is shown; undefined before the first snapshot. */
  get state(): State | undefined {
    return this.shown?.state;
  }

  /** @param done the change was made, and the state that it gave has been shown */
  change(make: MakeEdit<State, Edit>, done: () => void = () => undefined): void {
    this.waiting.push({ make, done });
    this.next();
  }

  ask(ask: Ask): void {
    this.api.post({ type: 'ask', ask });
  }

  openText(at: { line: number; character: number } | null): void {
    this.api.post({ type: 'openText', at });
  }

  dispose(): void {
    this.stop();
  }

  private next(): void {
    while (this.underWay === undefined && this.shown !== undefined) {
      const change = this.waiting.shift();
      if (change === undefined) return;
      const edit = change.make(this.shown.state);
      if (edit === undefined) continue;
      this.underWay = change.done;
      this.api.post({ type: 'edit', version: this.shown.version, edit });
    }
  }

  private receive(message: EditorToPage<State>): void {
    if (message.type === 'snapshot') {
      this.shown = { version: message.version, state: message.state };
      this.events.shown(message.state);
    } else {
      const done = this.underWay;
      this.underWay = undefined;
      if (message.outcome === 'done') done?.();
      else {
        // What waits was meant to follow the change that was not made.
        this.waiting.length = 0;
        this.events.notMade(message.outcome, message.message);
      }
    }
    this.next();
  }
}
