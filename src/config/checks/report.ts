import type { Position, Range, Severity } from '../problem';
import type { PathProblem } from '../readSchema';
import { keyRange, locate, valueRange, type Path } from '../yamlPath';
import type { YamlMapping, YamlNode } from '../yamlTree';

/** What the checks of one file found, and how they read its tree. */
export class Report {
  readonly problems: PathProblem[] = [];
  private readonly lines: string[];

  constructor(
    private readonly root: YamlNode,
    text: string,
  ) {
    this.lines = text.split(/\r\n|\r|\n/);
  }

  /** Adds a problem about a value, or about its key. The code goes without `rankwise.`. */
  add(
    code: string,
    message: string,
    path: Path,
    where: 'key' | 'value' = 'value',
    severity: Severity = 'error',
  ): void {
    const range = where === 'key' ? keyRange(this.root, path) : valueRange(this.root, path);
    this.problems.push({ code: `rankwise.${code}`, severity, message, range, path });
  }

  /** Adds a problem about a part of a value's text; the whole value where the part does not stand as it is. */
  addPart(code: string, message: string, path: Path, part: string, severity: Severity = 'error'): void {
    const { range } = locate(this.root, path).node;
    const found = this.find(part, range) ?? range;
    this.problems.push({ code: `rankwise.${code}`, severity, message, range: found, path });
  }

  node(path: Path): YamlNode | undefined {
    const { node, complete } = locate(this.root, path);
    return complete ? node : undefined;
  }

  map(path: Path): YamlMapping | undefined {
    const node = this.node(path);
    return node?.kind === 'map' ? node : undefined;
  }

  /** Keys of a mapping; none where there is no mapping. */
  keys(path: Path): string[] {
    return [...(this.map(path)?.entries.keys() ?? [])];
  }

  /** Elements of a list as they are written; what is no scalar is empty. */
  items(path: Path): string[] {
    const node = this.node(path);
    if (node?.kind !== 'list') return [];
    return node.items.map((item) => (item.kind === 'scalar' ? item.text : ''));
  }

  /** The text of a value that is text. */
  scalar(path: Path): string | undefined {
    const node = this.node(path);
    return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  }

  /** A value as it is written, whatever scalar it is. */
  text(path: Path): string | undefined {
    const node = this.node(path);
    return node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
  }

  private find(part: string, { start, end }: Range): Range | undefined {
    for (let line = start.line; line <= end.line; line++) {
      const at = this.lines[line]?.indexOf(part, line === start.line ? start.character : 0) ?? -1;
      if (at < 0) continue;
      const last: Position = { line, character: at + part.length };
      return line < end.line || last.character <= end.character
        ? { start: { line, character: at }, end: last }
        : undefined;
    }
    return undefined;
  }
}
