import { randomBytes } from 'node:crypto';
import { describeError, throwIfAborted } from '../../base/errors';
import type { PlanHost } from '../../launch/plan';
import type { SshPool } from '../../ssh/connection';
import { scriptError } from '../../ssh/runScript';
import { pause } from '../../ssh/waitFor';
import { inWorkdir } from './outputPath';

const LOOK_MS = 1000;
const AGAIN_MS = 5000;
/** Read at once. */
const MOST_BYTES = 1 << 20;

export interface OutputListener {
  /** @param restarted the file is shorter than what was read of it: it begins anew with these bytes. */
  onBytes(bytes: Buffer, offset: number, restarted: boolean): void;
  /** The host does not answer, or the file is not there; it is looked for again. */
  onTrouble?(reason: string): void;
}

/**
 * Hands on what is in a file of a host and what is added to it, until the signal fires. Nothing stays on the host
 * between two looks.
 * @param from `start` is the byte to begin with, by default the first.
 * @throws RankwiseError `outputs.outside`; Cancelled when the signal fires.
 */
export async function followOutput(
  ssh: SshPool,
  from: { host: PlanHost; workdir: string; path: string; start?: number },
  listener: OutputListener,
  signal: AbortSignal,
): Promise<never> {
  const { host, workdir, path, start = 0 } = from;
  const { enter, file } = inWorkdir(workdir, path);
  const tag = `@${randomBytes(8).toString('hex')} `;
  for (let offset = start; ;) {
    let waitMs = LOOK_MS;
    try {
      const connection = await ssh.connect(host.target, signal);
      const command = `${enter} && size=$(wc -c <${file}) && echo && echo "${tag}"$size && if [ $size -ge ${offset} ]; then tail -c +${offset + 1} ${file} | head -c ${MOST_BYTES}; fi`;
      const result = await connection.exec(command, { signal });
      const begin = result.stdout.indexOf(tag);
      const end = result.stdout.indexOf('\n', begin);
      if (result.code !== 0 || begin === -1 || end === -1)
        throw scriptError(host.name, `Reading ${path}`, result);
      const size = Number(result.stdout.subarray(begin + tag.length, end).toString('latin1'));
      const bytes = result.stdout.subarray(end + 1);
      const restarted = size < offset;
      if (restarted) offset = 0;
      if (bytes.length > 0 || restarted) listener.onBytes(bytes, offset, restarted);
      offset += bytes.length;
      // More is there already.
      if (offset < size) waitMs = 0;
    } catch (error) {
      throwIfAborted(signal);
      listener.onTrouble?.(describeError(error));
      waitMs = AGAIN_MS;
    }
    await pause(waitMs, signal);
  }
}
