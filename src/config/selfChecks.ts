import { launcherNames } from './model';
import { environmentNamePattern, parseHostText } from './names';
import type { Severity } from './problem';
import type { PathProblem } from './schemaProblems';
import { keyRange, locate, scalars, textItems, valueRange, type Path } from './yamlPath';
import type { YamlMapping, YamlNode } from './yamlTree';

/** The cluster that Rankwise brings along. */
export const practiceCluster = 'practice';

/** Checks of one file that a schema cannot say: names that refer to each other, values that must not be visible. */
export function selfChecks(root: YamlNode, text: string): PathProblem[] {
  const checker = new SelfChecker(root);
  for (const [name, value] of checker.section('clusters')) checker.cluster(['clusters', name], value);
  for (const [name] of checker.section('launches')) checker.launch(['launches', name]);
  checker.references(text);
  return checker.problems;
}

class SelfChecker {
  readonly problems: PathProblem[] = [];

  constructor(private readonly root: YamlNode) {}

  section(name: 'clusters' | 'launches'): [string, YamlNode][] {
    const map = this.map([name]);
    return map === undefined ? [] : [...map.entries].map(([key, { value }]) => [key, value]);
  }

  cluster(path: Path, value: YamlNode): void {
    if (path[1] === practiceCluster) {
      const message = `\`${practiceCluster}\` is the built-in practice cluster. Choose another name.`;
      this.add('reservedName', message, path, 'key');
    }
    const { node: hosts, complete } = locate(value, ['hosts']);
    if (!complete || hosts.kind !== 'list') return;
    for (const [index, item] of hosts.items.entries()) {
      const parsed =
        item.kind === 'scalar' && typeof item.value === 'string' ? parseHostText(item.value) : undefined;
      if (
        item.kind === 'scalar' &&
        /:\d+$/.test(item.text) &&
        item.text.length < 400 &&
        parsed === undefined
      ) {
        this.add('invalidValue', `\`${item.text}\` is not \`host:port\`. A port is 1 to 65535.`, [
          ...path,
          'hosts',
          index,
        ]);
      }
    }
  }

  launch(path: Path): void {
    this.knownCluster(path);
    this.commandNotEmpty(path);
    for (const index of this.items([...path, 'mpirun', 'x']).keys())
      this.exportedName([...path, 'mpirun', 'x', index]);
    this.mpirunArguments([...path, 'mpirun', 'args']);
    const launcher = this.scalar([...path, 'launcher']);
    for (const options of launcherNames) {
      if (launcher === undefined || !isLauncher(launcher) || options === launcher) continue;
      if (options === 'slurm' && launcher === 'ray') continue;
      if (this.map([...path, options]) === undefined) continue;
      const message = `Options of ${options} have no effect with \`launcher: ${launcher}\`. Delete them or change the launcher.`;
      this.add('unusedOptions', message, [...path, options], 'key', 'warning');
    }
    if (
      this.scalar([...path, 'cluster']) === practiceCluster &&
      launcher !== undefined &&
      launcher !== 'ssh'
    ) {
      const message = 'The practice cluster is made for the ssh launcher. Write `launcher: ssh`.';
      this.add('practiceLauncher', message, [...path, 'launcher']);
    }
  }

  /** `${secret:…}` and its like have a settled meaning that this version does not carry out: never passed on as text. */
  references(text: string): void {
    const lines = text.split(/\r\n|\r|\n/);
    for (const { path, node } of scalars(this.root)) {
      const match = /\$\{(?:(?:secret|env):|(?:params|matrix)\.)[^}]*\}?/.exec(node.text);
      if (match === null) continue;
      const message = `\`${match[0]}\` is not supported by this version of Rankwise. Write the value, or let the command read it on the host.`;
      const { start, end } = node.range;
      const line = lines[start.line] ?? '';
      const at = line.indexOf(match[0], start.character);
      const range =
        at < 0
          ? node.range
          : {
              start: { line: start.line, character: at },
              end: { line: start.line, character: at + match[0].length },
            };
      const inside = range.end.line < end.line || range.end.character <= end.character;
      this.problems.push({
        code: 'rankwise.notYet',
        severity: 'error',
        message,
        range: inside ? range : node.range,
        path,
      });
    }
  }

  private knownCluster(path: Path): void {
    const name = this.scalar([...path, 'cluster']);
    const known = [...this.section('clusters').map(([key]) => key), practiceCluster];
    if (name === undefined || known.includes(name)) return;
    const message = `There is no cluster \`${name}\`. Known: ${[...new Set(known)].join(', ')}.`;
    this.add('unknownCluster', message, [...path, 'cluster']);
  }

  private commandNotEmpty(path: Path): void {
    const { node, complete } = locate(this.root, [...path, 'command']);
    if (!complete || (node.kind === 'scalar' && node.missing)) return;
    const first = textItems(this.root, [...path, 'command'])[0] ?? '';
    if (node.kind === 'map' || first.trim() !== '') return;
    this.add('emptyCommand', 'The command is empty. Write what every process runs.', [...path, 'command']);
  }

  private exportedName(path: Path): void {
    const name = this.scalar(path);
    if (name === undefined || environmentNamePattern.test(name)) return;
    if (name.includes('=')) return this.visibleValue(name, path);
    const message = `\`${name}\` is not a name of the environment. Use letters, digits and \`_\`.`;
    this.add('invalidValue', message, path);
  }

  private mpirunArguments(path: Path): void {
    const items = this.items(path);
    for (const [index, item] of items.entries()) {
      const attached = /^--?x[ =]?([A-Za-z_][A-Za-z0-9_]*=.*)$/s.exec(item);
      const afterX = /^--?x$/.test(items[index - 1] ?? '') && item.includes('=');
      if (afterX || attached !== null) this.visibleValue(attached?.[1] ?? item, [...path, index]);
    }
  }

  private visibleValue(assignment: string, path: Path): void {
    const [name = ''] = assignment.split('=', 1);
    const message = `\`-x ${name}=…\` shows the value to everybody who runs \`ps\`. Put \`${name}\` with its value under \`env:\`; it is passed on.`;
    this.add('valueInX', message, path);
  }

  private map(path: Path): YamlMapping | undefined {
    const { node, complete } = locate(this.root, path);
    return complete && node.kind === 'map' ? node : undefined;
  }

  private items(path: Path): string[] {
    const { node, complete } = locate(this.root, path);
    if (!complete || node.kind !== 'list') return [];
    return node.items.map((item) => (item.kind === 'scalar' ? item.text : ''));
  }

  private scalar(path: Path): string | undefined {
    const { node, complete } = locate(this.root, path);
    return complete && node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  }

  private add(
    code: string,
    message: string,
    path: Path,
    where: 'key' | 'value' = 'value',
    severity: Severity = 'error',
  ): void {
    const range = where === 'key' ? keyRange(this.root, path) : valueRange(this.root, path);
    this.problems.push({ code: `rankwise.${code}`, severity, message, range, path });
  }
}

function isLauncher(name: string): boolean {
  return (launcherNames as readonly string[]).includes(name);
}
