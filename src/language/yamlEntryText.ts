import { isCollection, parseDocument, stringify, visit } from 'yaml';

/** `name` as a key on one line, quoted where YAML needs it. */
export function yamlKey(name: string): string {
  return stringify(name, {
    lineWidth: 0,
    defaultStringType: 'PLAIN',
    doubleQuotedMinMultiLineLength: 1e9,
  }).trimEnd();
}

/** The lines of an entry of a block mapping: its key at `column`, its block value `step` columns to the right. */
export function blockEntry(name: string, yaml: string, column: number, step: number): string[] {
  const lines = withStep(yaml, step).split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  const pad = ' '.repeat(column + step);
  return [
    `${' '.repeat(column)}${yamlKey(name)}:`,
    ...lines.map((line) => (line.trim() === '' ? line : pad + line)),
  ];
}

/** Deepens or flattens the indentation, unless a block scalar is in it, whose spaces are its text. */
function withStep(yaml: string, step: number): string {
  const columns = [...yaml.matchAll(/^ +(?=\S)/gm)].map(([spaces]) => spaces.length);
  const own = Math.min(...columns);
  if (
    own === step ||
    columns.some((column) => column % own !== 0) ||
    /[|>][-+0-9]*\s*(?:#.*)?$/m.test(yaml)
  ) {
    return yaml;
  }
  return yaml.replaceAll(/^ +(?=\S)/gm, (spaces) => ' '.repeat((spaces.length / own) * step));
}

/** The same entry for a flow mapping, without its braces. Comments make it take several lines, which begin with `pad`. */
export function flowEntry(name: string, yaml: string, pad: string): string {
  const document = parseDocument(yaml, { schema: 'core', merge: true });
  visit(document, {
    Collection(_key, node) {
      if (isCollection(node)) node.flow = true;
    },
  });
  const text = document.toString({ lineWidth: 0, indent: 2 }).trimEnd();
  return `${yamlKey(name)}: ${text.replaceAll('\n', `\n${pad}`)}`;
}
