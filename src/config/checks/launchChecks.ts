import { compileValuePattern } from '../../base/valuePattern';
import { launcherNames, type LauncherName } from '../model';
import { environmentNamePattern } from '../names';
import { textItems, type Path } from '../yamlPath';
import { practiceCluster } from './clusterChecks';
import type { Report } from './report';

/** What a schema cannot say of a launch, parameters aside. */
export function checkLaunch(report: Report, path: Path): void {
  checkKnownCluster(report, path);
  checkCommand(report, path);
  checkOptions(report, path);
  checkExports(report, path);
  checkAfter(report, path);
  checkMetrics(report, path);
  const launcher = report.scalar([...path, 'launcher']);
  if (report.scalar([...path, 'cluster']) === practiceCluster && isLauncher(launcher) && launcher !== 'ssh') {
    const message = 'The practice cluster is made for the ssh launcher. Write `launcher: ssh`.';
    report.add('practiceLauncher', message, [...path, 'launcher']);
  }
}

function checkKnownCluster(report: Report, path: Path): void {
  const name = report.scalar([...path, 'cluster']);
  const known = [...report.keys(['clusters']), practiceCluster];
  if (name === undefined || known.includes(name)) return;
  const message = `There is no cluster \`${name}\`. Known: ${[...new Set(known)].join(', ')}.`;
  report.add('unknownCluster', message, [...path, 'cluster']);
}

function checkCommand(report: Report, path: Path): void {
  const place = [...path, 'command'];
  const node = report.node(place);
  const hasScript = report.scalar([...path, 'slurm', 'script']) !== undefined;
  if (node === undefined) {
    if (hasScript || report.map(path) === undefined) return;
    const message = `\`${path.join('.')}\` has no \`command\`. Add \`command:\` with what every process runs.`;
    return report.add('missingKey', message, place);
  }
  if (hasScript) {
    const message =
      'With `slurm.script` the script says what runs, and `command` has no effect. Delete one of them.';
    return report.add('unusedOptions', message, place, 'key', 'warning');
  }
  if (node.kind === 'map' || (node.kind === 'scalar' && node.missing)) return;
  if ((textItems(node, [])[0] ?? '').trim() !== '') return;
  report.add('emptyCommand', 'The command is empty. Write what every process runs.', place);
}

/** Options of other launchers, and what the chosen one cannot use. */
function checkOptions(report: Report, path: Path): void {
  const launcher = report.scalar([...path, 'launcher']);
  if (!isLauncher(launcher)) return;
  for (const key of keysWithoutEffect(launcher)) {
    if (report.node([...path, key]) === undefined) continue;
    const message =
      key === 'partition'
        ? `\`partition\` has no effect with \`launcher: ${launcher}\`. Delete it or change the launcher.`
        : `Options of ${key} have no effect with \`launcher: ${launcher}\`. Delete them or change the launcher.`;
    report.add('unusedOptions', message, [...path, key], 'key', 'warning');
  }
  const short = report.text([...path, 'partition']);
  const long = report.text([...path, 'slurm', 'partition']);
  if (short !== undefined && long !== undefined && short !== long) {
    const message = `The partition is ${long} under \`slurm:\` and ${short} here. Keep one.`;
    report.add('partitionTwice', message, [...path, 'partition']);
  }
  if (
    report.node([...path, 'torchrun', 'minNodes']) !== undefined &&
    report.scalar([...path, 'torchrun', 'rendezvous']) !== 'c10d'
  ) {
    const message = 'A static rendezvous waits for all hosts. For fewer hosts write `rendezvous: c10d`.';
    report.add('staticMinNodes', message, [...path, 'torchrun', 'minNodes']);
  }
}

/** Keys of a launch that its launcher cannot use. */
export function keysWithoutEffect(launcher: LauncherName): string[] {
  const usesSlurm = launcher === 'slurm' || launcher === 'ray';
  return [
    ...launcherNames.filter((name) => name !== launcher && !(name === 'slurm' && usesSlurm)),
    ...(usesSlurm ? [] : ['partition']),
  ];
}

/** Variables that mpirun passes on: `-x NAME=value` would show the value to everybody. */
function checkExports(report: Report, path: Path): void {
  for (const [index, name] of report.items([...path, 'mpirun', 'x']).entries()) {
    const place = [...path, 'mpirun', 'x', index];
    if (report.scalar(place) === undefined || environmentNamePattern.test(name)) continue;
    if (name.includes('=')) addVisible(report, name, place);
    else {
      const message = `\`${name}\` is not a name of the environment. Use letters, digits and \`_\`.`;
      report.add('invalidValue', message, place);
    }
  }
  const items = report.items([...path, 'mpirun', 'args']);
  for (const [index, item] of items.entries()) {
    const attached = /^--?x[ =]?([A-Za-z_][A-Za-z0-9_]*=.*)$/s.exec(item);
    const afterX = /^--?x$/.test(items[index - 1] ?? '') && item.includes('=');
    if (afterX || attached !== null)
      addVisible(report, attached?.[1] ?? item, [...path, 'mpirun', 'args', index]);
  }
}

function addVisible(report: Report, assignment: string, path: Path): void {
  const [name = ''] = assignment.split('=', 1);
  const message = `\`-x ${name}=…\` shows the value to everybody who runs \`ps\`. Put \`${name}\` with its value under \`env:\`; it is passed on.`;
  report.add('valueInX', message, path);
}

function checkAfter(report: Report, path: Path): void {
  const launches = report.keys(['launches']);
  for (const [index, name] of report.items([...path, 'slurm', 'after']).entries()) {
    if (name === '') continue;
    const place = [...path, 'slurm', 'after', index];
    if (name === path[1])
      report.add('unknownLaunch', 'A launch cannot wait for itself. Name another.', place);
    else if (!launches.includes(name))
      report.add('unknownLaunch', `There is no launch \`${name}\`. Known: ${launches.join(', ')}.`, place);
  }
}

function checkMetrics(report: Report, path: Path): void {
  const metrics = report.node([...path, 'metrics']);
  if (metrics?.kind !== 'list') return;
  for (const index of metrics.items.keys()) {
    const place = [...path, 'metrics', index, 'pattern'];
    const pattern = report.scalar(place);
    if (pattern === undefined) continue;
    const found = compileValuePattern(pattern);
    if (typeof found === 'string') report.add('pattern', found, place);
  }
}

/** Whether a text names a launcher; the schema says it when it does not. */
export function isLauncher(name: string | undefined): name is LauncherName {
  return launcherNames.some((launcher) => launcher === name);
}
