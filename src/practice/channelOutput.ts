import type { Readable } from 'node:stream';
import type { ServerChannel } from 'ssh2';

/**
 * Copies a command's standard output and error into its channel, and resolves when both have ended and every byte has
 * been handed over. When `closed` fires first, both sources are destroyed: the command then gets SIGPIPE for what it
 * still writes, as under OpenSSH.
 */
export async function copyOutput(
  channel: ServerChannel,
  sources: { stdout: Readable; stderr: Readable },
  closed: AbortSignal,
): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    if (closed.aborted) resolve();
    closed.addEventListener('abort', () => resolve(), { once: true });
  });
  let turn: Promise<void> = Promise.resolve();
  const write = (extended: boolean, chunk: Buffer): Promise<void> => {
    turn = turn.then(() =>
      closed.aborted ? undefined : Promise.race([writeAlone(channel, extended, chunk), gone]),
    );
    return turn;
  };
  const copy = async (source: Readable, extended: boolean): Promise<void> => {
    void gone.then(() => source.destroy());
    try {
      for await (const chunk of source) await write(extended, chunk as Buffer);
    } catch {
      // Destroyed because the channel is gone, or the pipe broke with the command's end: nothing more can come.
    }
  };
  await Promise.all([copy(sources.stdout, false), copy(sources.stderr, true)]);
}

/**
 * One write at a time, and the leftovers of the one before cleared: ssh2 1.17 keeps a chunk that had to wait for the
 * client's window after it was sent, sends it again when the other stream waits, and then never resumes that stream.
 */
function writeAlone(channel: ServerChannel, extended: boolean, chunk: Buffer): Promise<void> {
  Object.assign(channel, {
    _chunk: undefined,
    _chunkcb: undefined,
    _chunkErr: undefined,
    _chunkcbErr: undefined,
  });
  return new Promise((resolve) => (extended ? channel.stderr : channel).write(chunk, () => resolve()));
}
