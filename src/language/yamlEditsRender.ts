import { yamlKey } from './yamlEntryText';
import type { EditValue } from './yamlEditsMeaning';
import { scalarText } from './yamlEditsScalar';

/** Lines of `key: value`, nested along `keys`, as a block that begins at `column`. The first line is indented too. */
export function blockLines(
  keys: readonly string[],
  value: EditValue,
  column: number,
  step: number,
  newline: string,
): string[] {
  const [key = '', ...below] = keys;
  const pad = ' '.repeat(column);
  const inner = column + step;
  const scalar = (text: string, blockColumn: number): string =>
    scalarText(text, value.reading, { flow: false, blockColumn, newline });
  const head = `${pad}${yamlKey(key)}:`;
  if (below.length > 0) return [head, ...blockLines(below, value, inner, step, newline)];
  switch (value.kind) {
    case 'scalar':
      return [`${head} ${scalar(value.text, inner)}`];
    case 'list':
      return [head, ...value.items.map((item) => `${' '.repeat(inner)}- ${scalar(item, inner + 2)}`)];
    case 'map':
      return [
        head,
        ...value.entries.map(
          ([name, text]) => `${' '.repeat(inner)}${yamlKey(name)}: ${scalar(text, inner + step)}`,
        ),
      ];
  }
}

/** A value on one line, with `keys` that lead to it: `k: { l: v }`. */
export function flowText(keys: readonly string[], value: EditValue, newline: string): string {
  const scalar = (text: string): string =>
    scalarText(text, value.reading, { flow: true, blockColumn: undefined, newline });
  const [key, ...below] = keys;
  if (key !== undefined) {
    const inner = flowText(below, value, newline);
    return `${yamlKey(key)}: ${below.length > 0 ? `{ ${inner} }` : inner}`;
  }
  switch (value.kind) {
    case 'scalar':
      return scalar(value.text);
    case 'list':
      return `[${value.items.map(scalar).join(', ')}]`;
    case 'map':
      return `{ ${value.entries.map(([name, text]) => `${yamlKey(name)}: ${scalar(text)}`).join(', ')} }`;
  }
}
