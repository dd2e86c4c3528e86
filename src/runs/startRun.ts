import { posix } from 'node:path';
import type { Plan, PlanFile, PlanHost, PlanProcess } from '../launch/plan';
import { hostDirectory, runDirectory } from '../launch/runDirectory';
import type { SshPool } from '../ssh/connection';
import { quote, quotePath } from '../ssh/quote';
import { runScriptText, scriptError } from '../ssh/runScript';
import type { SecretValue } from './secrets';

/**
 * Writes the run directory on every host, in parallel.
 * @throws RankwiseError naming the host and what it said (no space, read-only home).
 */
export async function writeRunDirectories(ssh: SshPool, plan: Plan, signal?: AbortSignal): Promise<void> {
  await Promise.all(
    plan.hosts.map(async (host) => {
      const files = plan.files.filter((file) => file.host === host.name);
      const connection = await ssh.connect(host.target, signal);
      await runScriptText(
        connection,
        'Writing the run directory',
        writeScript(plan, host, files),
        [],
        signal,
      );
    }),
  );
}

/**
 * A script that writes the files. What is not in the host's own directory several hosts may write at once: such a file is
 * written beside its place and moved there, so it is never half. `cat` is only started where the shell's own printf
 * cannot write, which that calls "I/O error": `cat` says why.
 */
function writeScript(plan: Plan, host: PlanHost, files: readonly PlanFile[]): string {
  const root = runDirectory(plan.run);
  const place = (path: string): string => quote(`${root}/${path}`);
  const own = files.filter(({ path }) => path.startsWith(`${host.name}/`));
  const modes = [...new Set(own.map(({ mode }) => mode))];
  const placed = [
    ...own.map(({ path, content }) => `put ${place(path)} ${quote(content)} || exit`),
    ...modes.map((mode) => {
      const paths = own.filter((file) => file.mode === mode).map(({ path }) => place(path));
      return `chmod ${mode.toString(8)} ${paths.join(' ')} || exit`;
    }),
  ];
  const moved = files
    .filter((file) => !own.includes(file))
    .map(({ path, mode, content }) => {
      const temporary = place(`${posix.dirname(path)}/.${posix.basename(path)}.${host.name}`);
      return `put ${temporary} ${quote(content)} && chmod ${mode.toString(8)} ${temporary} && mv ${temporary} ${place(path)} || exit`;
    });
  // A launch that brings files marks its workdir when it gets it (claim.sh): before, it holds nobody up.
  const bringsFiles = plan.sync.length + plan.setupScripts.length > 0 || plan.checkout !== undefined;
  return [
    'mask=$(umask)',
    'umask 077',
    'put() { { printf %s "$2" >"$1"; } 2>/dev/null || printf %s "$2" | cat >"$1"; }',
    `mkdir -p ${quote(hostDirectory(plan.run, host.name))} || exit`,
    ...placed,
    ...moved,
    `put ${place(`${host.name}/plan.json`)} ${quote(JSON.stringify(plan))} || exit`,
    // Not ours: under the account's umask.
    `(umask "$mask" && mkdir -p -- ${quotePath(plan.workdir)}) || exit`,
    ...(bringsFiles ? [] : workdirMark(plan, host)),
    '',
  ].join('\n');
}

/** Lines by which whoever is about to change files in the workdir finds that this run uses them. */
function workdirMark(plan: Plan, host: PlanHost): string[] {
  return [
    `mark=${quote(hostDirectory(plan.run, host.name))}/workdir`,
    `{ uname -n && date +%s && (cd -- ${quotePath(plan.workdir)} && pwd -P); } | cat >"$mark.new" && mv "$mark.new" "$mark" || exit`,
  ];
}

/** A process as supervise.sh wants it named. */
function supervisedAs({ id, role, lingerSeconds = 0 }: PlanProcess): string {
  return role === 'service' ? `service:${id}:${lingerSeconds}` : `${role}:${id}`;
}

/** Last line of what start.sh is sent: a start whose sender died on the way must not run without its secrets. */
export const ALL_SENT = '# all sent\n';

/**
 * Starts the supervisors. Secrets travel on standard input and are stored nowhere. A host where a start happened already stays as it is.
 * @throws RankwiseError naming the host and what it said.
 */
export async function startSupervisors(
  ssh: SshPool,
  plan: Plan,
  secrets: readonly SecretValue[],
  signal?: AbortSignal,
): Promise<void> {
  const hosts = plan.hosts.filter(({ name }) => plan.processes.some(({ host }) => host === name));
  const started = await Promise.allSettled(
    hosts.map(async ({ name, target }) => {
      const own = plan.processes.filter(({ host }) => host === name).map(supervisedAs);
      const connection = await ssh.connect(target, signal);
      const command = `exec sh ${hostDirectory(plan.run, name)}/start.sh ${own.join(' ')}`;
      const exports = secrets.map(({ variable, value }) => `export ${variable}=${quote(value)}\n`);
      const stdin = [...exports, ALL_SENT].join('');
      const result = await connection.exec(command, { stdin, ...(signal === undefined ? {} : { signal }) });
      if (!/^(started|already)$/m.test(result.stdout.toString('utf8')))
        throw scriptError(name, 'Starting', result);
    }),
  );
  // Thrown only when no start is under way any more: what follows may prove that nothing runs.
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
