import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import type { Core } from '../../core';
import type { ForwardedTensorBoard } from '../../coreTensorBoard';

/** A TensorBoard that is open. */
export interface OpenTensorBoard {
  run: string;
  host: string;
  directory: string;
  /** On 127.0.0.1 of the machine that runs the extension. */
  localPort: number;
}

interface Held extends OpenTensorBoard {
  board: ForwardedTensorBoard;
}

/** The TensorBoards that this window has started; they end with it. */
export class TensorBoards implements Disposable {
  private readonly changed = new Emitter<undefined>();
  readonly onDidChange = this.changed.event;
  private readonly held = new Set<Held>();

  constructor(private readonly core: Pick<Core, 'tensorBoard'>) {}

  get all(): readonly OpenTensorBoard[] {
    return [...this.held];
  }

  /** The one that is there, or a new one. @throws as {@link Core.tensorBoard} */
  async open(run: string, host: string, directory: string, signal: AbortSignal): Promise<OpenTensorBoard> {
    const isSame = (one: Held): boolean =>
      one.run === run && one.host === host && one.directory === directory;
    const known = [...this.held].find(isSame);
    if (known !== undefined) return known;
    const board = await this.core.tensorBoard.start(run, host, directory, signal);
    const held: Held = { run, host, directory, localPort: board.localPort, board };
    this.held.add(held);
    this.changed.fire(undefined);
    void board.ended.then(() => this.close(held));
    return held;
  }

  close({ localPort }: OpenTensorBoard): void {
    for (const one of this.held) {
      if (one.localPort !== localPort) continue;
      this.held.delete(one);
      one.board.dispose();
      this.changed.fire(undefined);
    }
  }

  dispose(): void {
    for (const { board } of this.held) board.dispose();
    this.held.clear();
    this.changed.dispose();
  }
}
