import { randomBytes } from 'node:crypto';
import type { Disposable } from '../../base/disposable';
import { RankwiseError, throwIfAborted } from '../../base/errors';
import { renderJob } from '../../launch/jobScript';
import type { Connection, RemoteStream } from '../../ssh/connection';
import { quote } from '../../ssh/quote';
import { waitFor } from '../../ssh/waitFor';
import tensorBoardScript from './remote/tensorboard.sh';

/** A TensorBoard on loopback of its host. It ends when it is disposed of, and with the connection. */
export interface TensorBoard extends Disposable {
  /** On 127.0.0.1 of the host. */
  readonly port: number;
  /** Resolves when it is over, for whatever reason. */
  readonly ended: Promise<void>;
}

/** Where TensorBoard looks, and how it is found there. */
export interface TensorBoardPlace {
  workdir: string;
  /** Directory of the event files, below the workdir. */
  directory: string;
  /** Setup lines of the cluster, as before every job. */
  setup: readonly string[];
}

/** Of what it said no more is kept for an error. */
const mostSaid = 4000;

/**
 * Starts TensorBoard on a host, on a free port of its loopback.
 * @returns once it serves; that takes seconds, while it imports what it needs.
 * @throws RankwiseError `tensorBoard.missing`, `tensorBoard.failed` with its own words; Cancelled.
 */
export async function startTensorBoard(
  connection: Connection,
  place: TensorBoardPlace,
  signal: AbortSignal | undefined,
): Promise<TensorBoard> {
  const tag = `@${randomBytes(8).toString('hex')}`;
  const script = Buffer.from(renderTensorBoard(place, tag));
  // The script comes on standard input and leaves the rest of it alone: that it is open keeps TensorBoard alive.
  const stream = await connection.stream(
    `exec sh -c ${quote(`eval "$(dd bs=1 count=${script.length} 2>/dev/null)"`)}`,
  );
  stream.stdin.on('error', () => undefined);
  stream.stdin.write(script);
  try {
    const port = await waitFor(portOf(stream, connection.host, tag), signal);
    return {
      port,
      ended: stream.ended.then(() => undefined),
      dispose: () => endStream(stream),
    };
  } catch (error) {
    endStream(stream);
    throwIfAborted(signal);
    throw error;
  }
}

/** The end of standard input ends it on the host; the channel closes by itself when nothing is left there. */
function endStream(stream: RemoteStream): void {
  stream.stdin.end();
}

/** @param tag begins each line of the script's own */
export function renderTensorBoard({ workdir, directory, setup }: TensorBoardPlace, tag: string): string {
  const job = renderJob({
    title: 'Serves the event files of a run.',
    env: { PYTHONUNBUFFERED: '1' },
    workdir,
    setup,
    command: [
      `command -v tensorboard >/dev/null 2>&1 || { echo '${tag} missing=yes'; exit 127; }`,
      `exec tensorboard --logdir ${quote(`./${directory}`)} --host 127.0.0.1 --port 0`,
    ].join('\n'),
    hasBash: true,
  });
  return [`tag=${tag}`, `job=${quote(job)}`, tensorBoardScript].join('\n');
}

async function portOf(stream: RemoteStream, host: string, tag: string): Promise<number> {
  let said = '';
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).replaceAll(`${tag} beat\n`, '').slice(-mostSaid);
      const port = /\bhttp:\/\/127\.0\.0\.1:(\d+)\//.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    stream.stdout.on('data', hear);
    stream.stderr.on('data', hear);
    void stream.ended.then(() => reject(failure(host, said, tag)));
  });
}

function failure(host: string, said: string, tag: string): RankwiseError {
  if (said.includes(`${tag} missing=yes`)) {
    return new RankwiseError('tensorBoard.missing', `TensorBoard is not installed on ${host}`, {
      host,
      nextStep:
        'Install it there (pip install tensorboard), or let setup: of the cluster put it on the PATH.',
    });
  }
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !line.startsWith(tag));
  const why = lines.slice(-3).join(' ').trim();
  return new RankwiseError(
    'tensorBoard.failed',
    `TensorBoard ended on ${host} before it served: ${why === '' ? 'it said nothing' : why}`,
    { host, nextStep: 'Try tensorboard --logdir in a terminal on that host.' },
  );
}
