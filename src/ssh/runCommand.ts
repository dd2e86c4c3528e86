import { Readable } from 'node:stream';
import { whenAborted } from '../base/whenAborted';
import { Cancelled, RankwiseError } from '../base/errors';
import { Collector } from './collect';
import type { ExecOptions, ExecResult, RemoteStream } from './connection';

const defaultMaxOutputBytes = 8 << 20;

/**
 * Feeds a command that has just started and collects what it prints, until it ends.
 * @throws RankwiseError `ssh.connectionLost`, `ssh.outputTooLong`; Cancelled; whatever a readable `stdin` fails with.
 */
export async function runCommand(
  host: string,
  channel: RemoteStream,
  options: ExecOptions,
): Promise<ExecResult> {
  const limit = options.maxOutputBytes ?? defaultMaxOutputBytes;
  const { signal } = options;
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const tooLong = (): void => {
    fail(
      new RankwiseError('ssh.outputTooLong', `a command on ${host} printed more than ${limit} bytes`, {
        host,
      }),
    );
  };
  const onAbort = (): void => fail(new Cancelled());
  const stdout = new Collector(channel.stdout, limit, tooLong);
  const stderr = new Collector(channel.stderr, limit, tooLong);
  const input = options.stdin;
  const stopListening = whenAborted(signal, onAbort);
  try {
    if (signal?.aborted === true) onAbort();
    if (input instanceof Readable) input.on('error', fail).pipe(channel.stdin);
    else channel.stdin.end(input);
    const { code, signal: signalName, lost } = await Promise.race([channel.ended, failed]);
    if (lost) throw connectionLost(host);
    return { code, signal: signalName, stdout: stdout.bytes, stderr: stderr.bytes };
  } finally {
    stopListening();
    if (input instanceof Readable) input.unpipe(channel.stdin).destroy();
    channel.dispose();
  }
}

/** The error of whatever needed a connection that is no more. */
export function connectionLost(host: string, cause?: unknown): RankwiseError {
  return new RankwiseError('ssh.connectionLost', `the connection to ${host} was lost`, {
    host,
    nextStep: 'Connect again; what runs on the host goes on.',
    cause,
  });
}
