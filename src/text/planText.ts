import type { Plan, PlanFile, PlanProcess } from '../launch/plan';
import { hostDirectory, runDirectory } from '../launch/runDirectory';
import { quote, quoteAll, quotePath } from '../ssh/quote';
import { count } from './format';

/**
 * A plan as a document for people, in the order in which things happen; it reads as a shell script whose prose is
 * comments. Nothing in it has run.
 */
export function planText(plan: Plan): string {
  const sections = [
    header(plan),
    section(
      'What Rankwise chose, and why',
      plan.notes.map((note) => `# - ${note.replaceAll('\n', '\n#   ')}`),
    ),
    section('1. Workspace files copied to the hosts, once per file system', syncLines(plan)),
    section('2. Files written on the hosts', fileLines(plan)),
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
  return plan.sync.map(({ local, remote }) => `# ${local}  →  ${plan.workdir.replace(/\/$/, '')}/${remote}`);
}

function fileLines(plan: Plan): string[] {
  return groupFiles(plan.files).flatMap(({ file, hosts }) => [
    '',
    ...hosts.map((host) => `# ${host}:~/${runDirectory(plan.run)}/${file.path}`),
    `# mode ${file.mode.toString(8).padStart(4, '0')}`,
    ...file.content
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `    ${line}`.trimEnd()),
  ]);
}

/** Files that are the same on several hosts are shown once. */
function groupFiles(files: readonly PlanFile[]): { file: PlanFile; hosts: string[] }[] {
  const groups = new Map<string, { file: PlanFile; hosts: string[] }>();
  for (const file of files) {
    const key = JSON.stringify([file.path, file.mode, file.content]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { file, hosts: [file.host] });
    else group.hosts.push(file.host);
  }
  return [...groups.values()];
}

function processLines(plan: Plan): string[] {
  return plan.processes.flatMap((process) => ['', ...commandLines(process)]);
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
  const launchers = plan.processes.filter((process) => process.role === 'launcher');
  return [
    ...plan.workers.map(
      ({ id, host, localIndex, rank }) =>
        `# ${rank === undefined ? id : `rank ${rank} (${id})`}: ${host}:~/${hostDirectory(plan.run, host)}/${localIndex}.log`,
    ),
    ...launchers.map(
      ({ id, host }) => `# output of the launcher: ${host}:~/${hostDirectory(plan.run, host)}/${id}.log`,
    ),
  ];
}

function stopLines(plan: Plan): string[] {
  const steps = plan.stop.map(
    ({ signal, graceSeconds }) =>
      `# SIG${signal} to every process of the run on every host, then up to ${graceSeconds} s for them to end`,
  );
  return [
    ...steps,
    '# then a scan on every host, twice, for processes that carry the run in their environment',
    plan.onWorkerExit === 'stop'
      ? '# When a worker fails, the others are stopped the same way by whoever follows the run; with no Rankwise open, at the next look.'
      : '# When a worker ends, the others go on.',
  ];
}
