import type { Disposable } from './base/disposable';
import { RankwiseError } from './base/errors';
import type { CoreConfig } from './coreConfig';
import { insidePathPattern } from './config/names';
import { startTensorBoard } from './runs/leaves/tensorBoard';
import type { RunManager } from './runs/runManager';
import type { SshPool } from './ssh/connection';

/** A TensorBoard of a run's host that can be reached on this machine. Disposing of it leaves nothing there. */
export interface ForwardedTensorBoard extends Disposable {
  /** On 127.0.0.1 of this machine. */
  readonly localPort: number;
  /** Resolves when it is over. */
  readonly ended: Promise<void>;
}

/** TensorBoards of runs: on loopback of their host, through a forward. */
export class CoreTensorBoard {
  constructor(
    private readonly config: CoreConfig,
    private readonly runs: RunManager,
    private readonly ssh: SshPool,
  ) {}

  /**
   * @param directory of the event files, below the workdir of the run
   * @throws RankwiseError `run.unknownHost`, `outputs.outside`, `tensorBoard.missing`, `tensorBoard.failed`; as connecting; Cancelled.
   */
  async start(
    run: string,
    hostName: string,
    directory: string,
    signal?: AbortSignal,
  ): Promise<ForwardedTensorBoard> {
    const { hosts, workdir, cluster } = this.runs.require(run).view.plan;
    const host = hosts.find(({ name }) => name === hostName);
    if (host === undefined) throw new RankwiseError('run.unknownHost', `run ${run} has no host ${hostName}`);
    if (directory !== '.' && !insidePathPattern.test(directory))
      throw new RankwiseError('outputs.outside', `"${directory}" is not a directory below the workdir`);
    // As the config has them now: what puts TensorBoard on the PATH may have been added after the run.
    const setup = this.config.current?.clusters.find(({ name }) => name === cluster)?.setup ?? [];
    const connection = await this.ssh.connect(host.target, signal, { interactive: true });
    const board = await startTensorBoard(connection, { workdir, directory, setup }, signal);
    try {
      const forward = await connection.forward('127.0.0.1', board.port);
      void board.ended.then(() => forward.dispose());
      return {
        localPort: forward.localPort,
        ended: board.ended,
        dispose: () => {
          forward.dispose();
          board.dispose();
        },
      };
    } catch (error) {
      board.dispose();
      throw error;
    }
  }
}
