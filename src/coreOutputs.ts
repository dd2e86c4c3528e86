import { randomBytes } from 'node:crypto';
import { RankwiseError } from './base/errors';
import type { PlanHost } from './launch/plan';
import { downloadOutput, type Downloaded, type DownloadOptions } from './runs/leaves/downloadOutput';
import { followOutput, type OutputListener } from './runs/leaves/followOutput';
import { listOutputs, type OutputFile, type SilentHost } from './runs/leaves/listOutputs';
import { inWorkdir } from './runs/leaves/outputPath';
import type { RunManager } from './runs/runManager';
import type { SshPool } from './ssh/connection';
import { scriptError } from './ssh/runScript';

/** The start files of the login shell may say something before. */
const loginNoise = 65_536;

/** The files that runs produce, on their hosts. Paths are below the workdir of the run. */
export class CoreOutputs {
  constructor(
    private readonly runs: RunManager,
    private readonly ssh: SshPool,
  ) {}

  /** The files that `outputs:` of the launch names, newest first. Hosts that do not answer are named. */
  list(run: string, signal?: AbortSignal): Promise<{ files: OutputFile[]; silent: SilentHost[] }> {
    const { hosts, workdir, outputs } = this.runs.require(run).view.plan;
    return listOutputs(this.ssh, { run, hosts, workdir, globs: outputs }, signal);
  }

  /**
   * Copies a file to `destination`, which it replaces.
   * @throws RankwiseError `outputs.changed`, `outputs.outside`, `run.unknownHost`; the host's own error; Cancelled.
   */
  download(
    run: string,
    file: Pick<OutputFile, 'host' | 'path'>,
    destination: string,
    options?: DownloadOptions,
  ): Promise<Downloaded> {
    return downloadOutput(this.ssh, this.place(run, file), destination, options);
  }

  /**
   * The file as it is now, at most its first `most` bytes: for a look. What is to be kept is downloaded, which proves the copy.
   * @throws RankwiseError `outputs.outside`, `run.unknownHost`; the host's own error; Cancelled.
   */
  async read(
    run: string,
    file: Pick<OutputFile, 'host' | 'path'>,
    most: number,
    signal?: AbortSignal,
  ): Promise<Buffer> {
    const { host, workdir, path } = this.place(run, file);
    const { enter, file: name } = inWorkdir(workdir, path);
    const connection = await this.ssh.connect(host.target, signal);
    const tag = `@${randomBytes(8).toString('hex')}\n`;
    const result = await connection.exec(
      `${enter} && exec <${name} && echo ${tag.trim()} && exec head -c ${most}`,
      { maxOutputBytes: most + loginNoise, ...(signal === undefined ? {} : { signal }) },
    );
    const begin = result.stdout.indexOf(tag);
    if (result.code === 0 && begin !== -1) return result.stdout.subarray(begin + tag.length);
    throw scriptError(host.name, `Reading ${path}`, result);
  }

  /**
   * Hands on the bytes of a file, from `start` on, and what is added to it until the signal fires.
   * @throws Cancelled then
   */
  follow(
    run: string,
    file: Pick<OutputFile, 'host' | 'path'> & { start?: number },
    listener: OutputListener,
    signal: AbortSignal,
  ): Promise<never> {
    const { start = 0 } = file;
    return followOutput(this.ssh, { ...this.place(run, file), start }, listener, signal);
  }

  private place(
    run: string,
    { host: name, path }: Pick<OutputFile, 'host' | 'path'>,
  ): { host: PlanHost; workdir: string; path: string } {
    const { hosts, workdir } = this.runs.require(run).view.plan;
    const host = hosts.find((one) => one.name === name);
    if (host === undefined) throw new RankwiseError('run.unknownHost', `run ${run} has no host ${name}`);
    return { host, workdir, path };
  }
}
