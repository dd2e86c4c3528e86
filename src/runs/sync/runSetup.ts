import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { RankwiseError, throwIfAborted } from '../../base/errors';
import { oneLine } from '../../base/plainText';
import { renderJob } from '../../launch/jobScript';
import type { Plan, PlanHost } from '../../launch/plan';
import { quote } from '../../ssh/quote';
import { connectionLost } from '../../ssh/runCommand';
import { onceForEach } from './onceForEach';
import lockScript from './remote/lock.sh';
import setupScript from './remote/setup.sh';
import type { SyncContext } from './syncFiles';

export interface SetupContext extends SyncContext {
  env: Record<string, string>;
  /** Where the output of a host is kept. */
  logFile: (host: string) => string;
  /** Gets the newest line of each host. */
  say: (message: string) => void;
}

const LINE_LENGTH = 200;
const LAST_LINES = 5;

/**
 * Runs the set-up scripts of a launch, which lie in the workdir by now: each once per file system, content and workdir.
 * @throws RankwiseError `run.setupFailed` with the last lines, once all hosts have ended.
 */
export async function runSetup(context: SetupContext): Promise<void> {
  for (const script of context.plan.setupScripts) {
    const content = await readFile(script.local);
    // Another workdir is another place to set up.
    const key = createHash('sha256').update(content).update(`\0${context.plan.workdir}`).digest('hex');
    const results = await Promise.allSettled([
      onceForEach(context, (host) => Promise.allSettled([runOn(context, host, script.remote, key)])),
    ]);
    const failed = results
      .flatMap((result) => (result.status === 'fulfilled' ? result.value.flat() : [result]))
      .find((result) => result.status === 'rejected');
    throwIfAborted(context.signal);
    if (failed !== undefined) throw failed.reason;
  }
}

async function runOn(context: SetupContext, host: PlanHost, script: string, key: string): Promise<void> {
  const { ssh, plan, signal, say } = context;
  const tag = `@${randomBytes(8).toString('hex')}`;
  const logFile = context.logFile(host.name);
  await mkdir(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const connection = await ssh.connect(host.target, signal);
  const stream = await connection.stream('sh -s', signal === undefined ? {} : { signal });
  const abort = (): void => stream.dispose();
  signal?.addEventListener('abort', abort, { once: true });
  const lines = new LastLines(tag, (line) => say(`${host.name}: ${line}`));
  try {
    for (const output of [stream.stdout, stream.stderr]) {
      output.on('data', (bytes: Buffer) => {
        log.write(bytes);
        lines.push(bytes);
      });
    }
    stream.stdin.end(renderSetup(plan, context.env, host.name, script, key, tag));
    const { code, lost } = await stream.ended;
    throwIfAborted(signal);
    if (lost) throw connectionLost(host.name);
    if (code === 0) return;
    const said = lines.last.length === 0 ? '' : `: ${lines.last.join(' / ')}`;
    throw new RankwiseError(
      'run.setupFailed',
      `${script} failed on ${host.name} with exit ${code ?? 'unknown'}${said}`,
      {
        host: host.name,
        nextStep: `Correct it and launch again. All of its output: ${logFile}.`,
      },
    );
  } finally {
    signal?.removeEventListener('abort', abort);
    stream.dispose();
    log.end();
    await finished(log);
  }
}

function renderSetup(
  plan: Plan,
  env: Record<string, string>,
  host: string,
  script: string,
  key: string,
  tag: string,
): string {
  const path = quote(`./${script}`);
  const job = renderJob({
    title: `Set-up script of launch ${plan.launch}, run ${plan.run}.`,
    // By these a stop finds what a set-up that was given up has left behind.
    env: { ...env, RANKWISE_RUN_ID: plan.run, RANKWISE_HOST: host },
    workdir: plan.workdir,
    setup: [],
    command: `if [ -x ${path} ]; then exec ${path}; elif command -v bash >/dev/null; then exec bash ${path}; else exec sh ${path}; fi`,
    hasBash: true,
  });
  return [`echo`, `tag=${tag} key=${key}`, `job=${quote(job)}`, lockScript, setupScript].join('\n');
}

/** The newest lines of an output; those that our own script tells are left out. */
class LastLines {
  readonly last: string[] = [];
  private rest = '';
  private readonly decoder = new StringDecoder('utf8');

  constructor(
    private readonly tag: string,
    private readonly onLine: (line: string) => void,
  ) {}

  push(bytes: Buffer): void {
    const lines = (this.rest + this.decoder.write(bytes)).split(/[\r\n]+/);
    this.rest = (lines.pop() ?? '').slice(-LINE_LENGTH);
    const fresh = lines
      .map((line) => oneLine(line, LINE_LENGTH))
      .filter((line) => line !== '' && !line.startsWith(this.tag));
    this.last.push(...fresh);
    this.last.splice(0, Math.max(0, this.last.length - LAST_LINES));
    const newest = fresh.at(-1);
    if (newest !== undefined) this.onLine(newest);
  }
}
