import { parseDocument, Scalar } from 'yaml';
import { parseYaml } from '../config/yamlTree';
import { at, isScalarValue, type Reading } from './yamlEditsMeaning';

/** Where a scalar is put. */
export interface ScalarPlace {
  /** Inside `{ }` or `[ ]`, where commas end a plain scalar. */
  flow: boolean;
  /** Columns of the lines of a block of text; undefined where none may stand. */
  blockColumn: number | undefined;
  newline: string;
}

/** A text as a YAML scalar, in the style of what it replaces where that can hold it. */
export function scalarText(text: string, reading: Reading, place: ScalarPlace, style?: string): string {
  const printable = /^[ -~\u00a0-\ud7ff\ue000-\ufefe]*$/.test(text);
  if (reading !== 'value') {
    if (style === Scalar.QUOTE_DOUBLE) return JSON.stringify(text);
    if (style === Scalar.QUOTE_SINGLE && printable) return singleQuoted(text);
  }
  if (!printable) return blockText(text, place) ?? JSON.stringify(text);
  if (readsAs(text, text, reading, place.flow)) return text;
  return /["\\]/.test(text) ? singleQuoted(text) : JSON.stringify(text);
}

/**
 * A text of several lines as a literal block (`|`); undefined where it has none, or where the block would not hold it
 * exactly.
 * @param header the block's first line as it stands, with its comment
 */
export function blockText(
  text: string,
  { flow, blockColumn, newline }: ScalarPlace,
  header = '|',
): string | undefined {
  if (
    flow ||
    blockColumn === undefined ||
    !text.includes('\n') ||
    !/^[\t\n -~\u00a0-\ud7ff\ue000-\ufefe]*$/.test(text)
  ) {
    return undefined;
  }
  const kept = text.endsWith('\n\n') || text === '\n';
  const chomping = text.endsWith('\n') ? (kept ? '+' : '') : '-';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const pad = ' '.repeat(blockColumn);
  const first = header.replace(/^[|>][-+0-9]*/, `|${chomping}`);
  const block = [first, ...lines.map((line) => (line === '' ? '' : pad + line))].join(newline);
  const parsed = parseDocument(`a:\n${' '.repeat(Math.max(0, blockColumn - 1))}b: ${block}\n`, {
    schema: 'core',
  });
  return parsed.errors.length === 0 && parsed.getIn(['a', 'b']) === text ? block : undefined;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether YAML reads what is written as this value, behind a key and in a list. */
function readsAs(written: string, text: string, reading: Reading, flow: boolean): boolean {
  if (written === '') return false;
  const { root, problems } = parseYaml(flow ? `{ k: ${written} }` : `k: ${written}\nl:\n  - ${written}\n`);
  if (root === undefined || problems.length > 0 || root.kind !== 'map') return false;
  if (root.entries.size !== (flow ? 1 : 2)) return false;
  return (flow ? [['k']] : [['k'], ['l', 0]]).every((path) => {
    const node = at(root, path);
    return node !== undefined && isScalarValue(node, text, reading);
  });
}
