import type { Plan, PlanFile, PlanProcess } from '../launch/plan';
import { hostDirectory, runDirectory } from '../launch/runDirectory';
import { quote, quoteAll, quotePath } from '../ssh/quote';
import { count, formatBytes } from './format';

/** Scripts of Rankwise's own, which hardly differ from run to run, by the last part of their path. */
const OWN_SCRIPTS: ReadonlySet<string> = new Set([
  'start.sh',
  'supervise.sh',
  'worker.sh',
  'follow.sh',
  'receive.sh',
  'rank.sh',
  'link.sh',
  'ssh.sh',
  'with-ssh.sh',
]);

/**
 * A plan as a document for people, in the order in which things happen; it reads as a shell script whose prose is
 * comments. Nothing in it has run.
 * @param ownScripts `named`: Rankwise's own scripts are given by name and size only.
 */
export function planText(plan: Plan, ownScripts: 'whole' | 'named' = 'whole'): string {
  const sections = [
    header(plan),
    section(
      'What Rankwise chose, and why',
      plan.notes.map((note) => `# - ${note.replaceAll('\n', '\n#   ')}`),
    ),
    section('1. Put into the workdir, once per file system', syncLines(plan)),
    section('2. Files written on the hosts', fileLines(plan, ownScripts)),
    section('3. Commands started on the hosts, in this order, detached', processLines(plan)),
    section('4. What is watched', watchLines(plan)),
    section('5. How it is stopped', stopLines(plan)),
  ];
  return `${sections.flat().join('\n')}\n`;
}

function header(plan: Plan): string[] {
  return [
    `# Plan of ${plan.launch}: ${plan.launcher} on ${plan.cluster}, ${count(plan.workers.length, 'worker')} on ${count(plan.hosts.length, 'host')}`,
    ...(plan.run.startsWith('<')
      ? [
          '# A preview: nothing was asked of any host and nothing has run.',
          '# Words in <angle brackets> are only known at the start.',
        ]
      : [`# As it was started: run ${plan.run}`]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return [
    '',
    `# ── ${title} ${'─'.repeat(Math.max(2, 90 - title.length))}`,
    ...(lines.length > 0 ? lines : ['# (nothing)']),
  ];
}

function syncLines(plan: Plan): string[] {
  const place = (remote: string): string => `${plan.workdir.replace(/\/$/, '')}/${remote}`;
  const { checkout } = plan;
  return [
    ...(checkout === undefined ? [] : [`# git checkout of ${checkout.ref} from ${checkout.repository}`]),
    ...plan.sync.map(({ local, remote }) => `# ${local}  →  ${place(remote)}`),
    ...plan.setupScripts.map(({ local, remote }) => `# ${local}  →  ${place(remote)}, run there once`),
  ];
}

function fileLines(plan: Plan, ownScripts: 'whole' | 'named'): string[] {
  const isNamed = ({ file }: SharedFile): boolean =>
    ownScripts === 'named' && OWN_SCRIPTS.has(file.path.slice(file.path.lastIndexOf('/') + 1));
  const groups = groupFiles(plan.files);
  const named = groups.filter(isNamed);
  return [
    ...groups.filter((group) => !isNamed(group)).flatMap((group) => wholeFile(plan, group)),
    ...(named.length === 0 ? [] : ['', '# Scripts of Rankwise itself, in full with --verbose:']),
    ...namedLines(named),
  ];
}

function wholeFile(plan: Plan, { file, hosts }: SharedFile): string[] {
  return [
    '',
    ...hosts.map((host) => `# ${host}:~/${runDirectory(plan.run)}/${file.path}`),
    `# mode ${file.mode.toString(8).padStart(4, '0')}`,
    ...file.content
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `    ${line}`.trimEnd()),
  ];
}

/** One line for all hosts that get the same scripts. */
function namedLines(named: readonly SharedFile[]): string[] {
  const scripts = new Map<string, string[]>();
  for (const { file, hosts } of named) {
    const name = file.path.slice(file.path.lastIndexOf('/') + 1);
    const script = `${name} (${formatBytes(Buffer.byteLength(file.content))})`;
    for (const host of hosts) scripts.set(host, [...(scripts.get(host) ?? []), script]);
  }
  const hosts = new Map<string, string[]>();
  for (const [host, list] of scripts)
    hosts.set(list.join(', '), [...(hosts.get(list.join(', ')) ?? []), host]);
  return [...hosts].map(([list, names]) => `# ${names.join(', ')}: ${list}`);
}

interface SharedFile {
  file: PlanFile;
  hosts: string[];
}

/** Files that are the same on several hosts are shown once. */
function groupFiles(files: readonly PlanFile[]): SharedFile[] {
  const groups = new Map<string, SharedFile>();
  for (const file of files) {
    const key = JSON.stringify([file.path, file.mode, file.content]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { file, hosts: [file.host] });
    else group.hosts.push(file.host);
  }
  return [...groups.values()];
}

function processLines(plan: Plan): string[] {
  const secrets = plan.secrets.map(
    ({ variable, source }) =>
      `# ${variable}: \${${source}}, handed over on standard input and stored nowhere`,
  );
  return [...secrets, ...plan.processes.flatMap((process) => ['', ...commandLines(process)])];
}

function commandLines(process: PlanProcess): string[] {
  return [
    `# on ${process.host}: ${process.role} ${process.id}`,
    `cd ${quotePath(process.cwd)}`,
    ...Object.entries(process.env).map(([name, value]) => `export ${name}=${quote(value)}`),
    quoteAll(process.argv),
  ];
}

function watchLines(plan: Plan): string[] {
  const others = plan.processes.filter((process) => process.role !== 'worker');
  return [
    ...plan.workers.map(
      ({ id, host, localIndex, rank }) =>
        `# ${rank === undefined ? id : `rank ${rank} (${id})`}: ${host}:~/${hostDirectory(plan.run, host)}/${localIndex}.log`,
    ),
    ...others.map(
      ({ id, host, role }) =>
        `# output of the ${role} ${id}: ${host}:~/${hostDirectory(plan.run, host)}/${id}.log`,
    ),
    ...plan.pages.map(({ label, host, port }) => `# ${label}: http://127.0.0.1:${port}/ on ${host}`),
    ...plan.outputs.map((glob) => `# files it produces: ${plan.workdir.replace(/\/$/, '')}/${glob}`),
    ...(plan.slurm === undefined
      ? []
      : [
          `# the queue: one squeue for all jobs, at least ${plan.slurm.pollSeconds} s apart, while someone looks`,
        ]),
  ];
}

function stopLines(plan: Plan): string[] {
  const whom = plan.signalled === 'all' ? 'every worker and launcher' : 'every worker';
  const steps = plan.stop.map(({ signal, graceSeconds }) =>
    plan.slurm === undefined
      ? `# SIG${signal} to ${whom} on every host, then up to ${graceSeconds} s for them to end`
      : `# scancel${signal === 'KILL' ? '' : ` --signal=${signal}`}, then up to ${graceSeconds} s for the job to end`,
  );
  const services = plan.processes.some(({ role }) => role === 'service')
    ? ['# then SIGTERM to the services, and SIGKILL to what is left']
    : [];
  return [
    ...steps,
    ...services,
    plan.slurm === undefined
      ? '# then a scan on every host, twice, for processes that carry the run in their environment'
      : '# then the word of Slurm’s controller that the job is over and none of its steps is left',
    plan.onWorkerExit === 'stop'
      ? '# When a worker fails, the others are stopped the same way by whoever follows the run; with no Rankwise open, at the next look.'
      : '# When a worker ends, the others go on.',
  ];
}
