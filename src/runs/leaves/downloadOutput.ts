import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RankwiseError, throwIfAborted } from '../../base/errors';
import type { PlanHost } from '../../launch/plan';
import type { SshPool } from '../../ssh/connection';
import { scriptError } from '../../ssh/runScript';
import { inWorkdir } from './outputPath';

export interface DownloadOptions {
  /** Bytes so far. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal | undefined;
}

export interface Downloaded {
  bytes: number;
  /** SHA-256 in hex of what arrived. */
  sha256: string;
}

/**
 * Copies a file of a host to this machine: beside its place first, and moved there once the host has named the same
 * SHA-256. Nothing is left where that fails.
 * @param path below the workdir.
 * @throws RankwiseError `outputs.changed` when the file was written to meanwhile; the host's own error; Cancelled.
 */
export async function downloadOutput(
  ssh: SshPool,
  from: { host: PlanHost; workdir: string; path: string },
  destination: string,
  { onProgress, signal }: DownloadOptions = {},
): Promise<Downloaded> {
  const { host, workdir, path } = from;
  const { enter, file } = inWorkdir(workdir, path);
  const connection = await ssh.connect(host.target, signal);
  const temporary = `${destination}.${process.pid}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onProgress?.(bytes);
      done(undefined, chunk);
    },
  });
  try {
    const stream = await connection.stream(
      `${enter} && exec cat <${file}`,
      signal === undefined ? {} : { signal },
    );
    const said: Buffer[] = [];
    stream.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    try {
      await pipeline(
        stream.stdout,
        count,
        createWriteStream(temporary),
        signal === undefined ? {} : { signal },
      );
    } catch (error) {
      stream.dispose();
      throwIfAborted(signal);
      throw error;
    }
    const end = await stream.ended;
    if (end.lost)
      throw new RankwiseError('ssh.connectionLost', `the connection to ${host.name} was lost`, {
        host: host.name,
      });
    if (end.code !== 0)
      throw scriptError(host.name, `Reading ${path}`, {
        ...end,
        stdout: Buffer.alloc(0),
        stderr: Buffer.concat(said),
      });
    const sha256 = hash.digest('hex');
    const sums = `${enter} && if command -v sha256sum >/dev/null; then sha256sum <${file}; else shasum -a 256 <${file}; fi`;
    const asked = await connection.exec(sums, signal === undefined ? {} : { signal });
    if (asked.code !== 0) throw scriptError(host.name, `Comparing ${path}`, asked);
    const theirs = /\b[0-9a-f]{64}\b/.exec(asked.stdout.toString('latin1'))?.[0];
    if (theirs !== sha256) {
      throw new RankwiseError('outputs.changed', `${path} on ${host.name} changed while it was downloaded`, {
        host: host.name,
        nextStep: 'Download it again when it is complete.',
      });
    }
    await rename(temporary, destination);
    return { bytes, sha256 };
  } finally {
    await rm(temporary, { force: true });
  }
}
