import type { ClusterModel, ConfigModel, FileProblem, LaunchModel } from '../../config/model';
import { rowContexts } from '../ids';
import { count, joinParts } from '../../text/format';
import { launcherText } from './launcherText';
import { within, type ProblemEntry } from './problemSplit';
import type { Row, RowIcon } from './row';

/**
 * How many processes a launch starts; undefined where that is known only later (cores of the machine, what a Ray driver
 * or a script of Slurm asks for).
 */
export function workerCount(launch: LaunchModel, config: ConfigModel): number | undefined {
  if (launch.np !== undefined) return launch.np;
  if (launch.launcher === 'ray') return undefined;
  const cluster = config.clusters.find(({ name }) => name === launch.cluster);
  if (launch.launcher === 'slurm') return taskCount(launch, cluster);
  const hosts = (cluster?.hosts ?? []).slice(0, launch.nodes);
  if (hosts.length === 0) return undefined;
  if (launch.launcher === 'ssh' && launch.ssh.per === 'host') return hosts.length;
  let sum = 0;
  for (const host of hosts) {
    const slots = host.slots ?? (launch.launcher === 'ssh' ? 1 : undefined);
    if (slots === undefined) return undefined;
    sum += slots;
  }
  return sum;
}

/** Tasks that the launch asks Slurm for; what a script of the user's own asks for stands in the script. */
function taskCount(launch: LaunchModel, cluster: ClusterModel | undefined): number | undefined {
  if (launch.slurm.script !== undefined || launch.nodes === undefined) return undefined;
  return launch.nodes * (launch.slurm.ntasksPerNode ?? cluster?.slurm?.options.ntasksPerNode ?? 1);
}

/** `mpirun · lab · 8 workers`, `slurm · uni · matrix 2 × 2, 3 repeats`. */
export function launchSummary(launch: LaunchModel, config: ConfigModel): string {
  const trials = trialsText(launch);
  const workers = workerCount(launch, config);
  const nodes = launch.nodes === undefined ? undefined : count(launch.nodes, 'node');
  return joinParts([
    launch.launcher,
    launch.cluster,
    trials,
    trials !== undefined ? undefined : workers === undefined ? nodes : count(workers, 'worker'),
  ]);
}

/** `matrix 2 × 2, 3 repeats`; undefined for a launch of one run. */
function trialsText({ matrix, repeat }: LaunchModel): string | undefined {
  const sizes = Object.values(matrix?.axes ?? {}).map((values) => values.length);
  const added = matrix?.include.length ?? 0;
  const all = `matrix ${sizes.length === 0 ? added : sizes.join(' × ')}`;
  const parts = [matrix === undefined ? undefined : all, repeat > 1 ? `${repeat} repeats` : undefined];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join(', ');
}

/** The row of a launch; problems inside it are counted. */
export function launchRow(launch: LaunchModel, config: ConfigModel): Row {
  const problems = config.problems.filter(
    (problem) => problem.file === config.file && within(problem.range, launch.range),
  );
  return {
    label: launch.name,
    description: joinParts([
      launchSummary(launch, config),
      problems.length === 0 ? undefined : count(problems.length, 'problem'),
    ]),
    tooltip: [
      commandText(launch),
      launcherText(launch.launcher).does,
      ...parameterLines(launch),
      ...problems.map((problem) => problem.message),
    ].join('\n'),
    icon: launchIcon(launch, problems),
    contextValue: rowContexts.launch,
  };
}

function commandText({ command, slurm }: LaunchModel): string {
  if (slurm.script !== undefined) return `sbatch ${slurm.script}`;
  return typeof command === 'string' ? command : command.join(' ');
}

function parameterLines({ params, presets }: LaunchModel): string[] {
  const values = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  const names = Object.keys(presets);
  return [
    ...(values.length === 0 ? [] : [`Parameters: ${values.join(', ')}`]),
    ...(names.length === 0 ? [] : [`Presets: ${names.join(', ')}`]),
  ];
}

const problemIcons = {
  error: { id: 'error', color: 'list.errorForeground' },
  warning: { id: 'warning', color: 'list.warningForeground' },
} as const;

function launchIcon({ launcher }: LaunchModel, problems: readonly FileProblem[]): RowIcon {
  if (problems.length === 0) return { id: launcherText(launcher).icon };
  return problems.some(({ severity }) => severity === 'error') ? problemIcons.error : problemIcons.warning;
}

/** The row of an error that keeps something of a file from being used. */
export function problemRow({ name, problem, more }: ProblemEntry, fileName: string): Row {
  const where = `${fileName}:${problem.range.start.line + 1}`;
  const rest = more === 0 ? undefined : `and ${count(more, 'more problem')}`;
  return {
    label: name ?? problem.message,
    description: name === undefined ? where : joinParts([problem.message, rest, where]),
    tooltip: `${problem.message}\n${where}`,
    icon: problemIcons.error,
  };
}
