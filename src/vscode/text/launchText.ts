import type { ConfigModel, FileProblem, LaunchModel } from '../../config/model';
import { rowContexts } from '../ids';
import { count, joinParts } from '../../text/format';
import { within, type ProblemEntry } from './problemSplit';
import type { Row, RowIcon } from './row';

/** How many processes a launch starts; undefined where only the hosts know (cores of the machine). */
export function workerCount(launch: LaunchModel, config: ConfigModel): number | undefined {
  if (launch.np !== undefined) return launch.np;
  const hosts = config.clusters.find((cluster) => cluster.name === launch.cluster)?.hosts ?? [];
  if (hosts.length === 0) return undefined;
  let sum = 0;
  for (const host of hosts) {
    const slots = host.slots ?? (launch.launcher === 'ssh' ? 1 : undefined);
    if (slots === undefined) return undefined;
    sum += slots;
  }
  return sum;
}

/** `mpirun · lab · 8 workers`. */
export function launchSummary(launch: LaunchModel, config: ConfigModel): string {
  const workers = workerCount(launch, config);
  return joinParts([
    launch.launcher,
    launch.cluster,
    workers === undefined ? undefined : count(workers, 'worker'),
  ]);
}

/** The row of a launch; problems inside it are counted. */
export function launchRow(launch: LaunchModel, config: ConfigModel): Row {
  const problems = config.problems.filter(
    (problem) => problem.file === config.file && within(problem.range, launch.range),
  );
  const command = typeof launch.command === 'string' ? launch.command : launch.command.join(' ');
  return {
    label: launch.name,
    description: joinParts([
      launchSummary(launch, config),
      problems.length === 0 ? undefined : count(problems.length, 'problem'),
    ]),
    tooltip: [command, ...problems.map((problem) => problem.message)].join('\n'),
    icon: launchIcon(problems),
    contextValue: rowContexts.launch,
  };
}

const problemIcons = {
  error: { id: 'error', color: 'list.errorForeground' },
  warning: { id: 'warning', color: 'list.warningForeground' },
} as const;

function launchIcon(problems: readonly FileProblem[]): RowIcon {
  if (problems.length === 0) return { id: 'rocket' };
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
