import { connect, type Socket } from 'node:net';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import { RankwiseError } from '../base/errors';
import { controlEvent, type ControlEvent } from './controlMessages';
import { readLines } from './lines';

/** Longer than the cluster takes to end processes that ignore SIGTERM. */
const stopTimeoutMs = 30_000;

/** A window's hold on the practice cluster. */
export class ControlConnection implements Disposable {
  private readonly heard = new Emitter<ControlEvent>();
  private readonly closed = new Emitter<{ expected: boolean }>();
  private announced = false;

  /** Fires once when the cluster's end of the socket is gone; `expected` when the cluster said before that it stops. */
  readonly onClosed = this.closed.event;

  private constructor(private readonly socket: Socket) {
    readLines(socket, (line) => {
      const event = controlEvent(line);
      if (event === undefined) return;
      this.announced = event.event !== 'stopFailed';
      this.heard.fire(event);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.closed.fire({ expected: this.announced }));
  }

  /** @throws the system's error when nobody listens at `path`. */
  static open(path: string): Promise<ControlConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        // Holding on must not keep a command line alive that is otherwise done.
        socket.unref();
        resolve(new ControlConnection(socket));
      });
    });
  }

  /**
   * Asks the cluster to end all of its processes and itself, and waits until it has.
   * @throws RankwiseError `practice.stopFailed` naming the processes that would not end.
   */
  async stop(): Promise<void> {
    const outcome = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(stopFailed(`it has not answered for ${String(stopTimeoutMs / 1000)} s`)),
        stopTimeoutMs,
      );
      const subscriptions = [
        this.heard.event((event) => {
          if (event.event === 'stopped') settle();
          if (event.event === 'stopFailed')
            settle(stopFailed(`processes ${event.pids.join(', ')} do not end`));
        }),
        this.onClosed(() => settle(stopFailed('its process went away before it was done'))),
      ];
      const settle = (error?: RankwiseError): void => {
        clearTimeout(timer);
        for (const subscription of subscriptions) subscription.dispose();
        if (error === undefined) resolve();
        else reject(error);
      };
    });
    this.socket.write('{"command":"stop"}\n');
    await outcome;
  }

  dispose(): void {
    this.closed.dispose();
    this.heard.dispose();
    this.socket.destroy();
  }
}

function stopFailed(why: string): RankwiseError {
  return new RankwiseError('practice.stopFailed', `The practice cluster could not be stopped: ${why}`, {
    nextStep: 'Try again; if it stays so, see the log practice.log in the state directory.',
  });
}
