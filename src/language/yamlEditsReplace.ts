import { isScalar, Scalar, type Node } from 'yaml';
import type { TextEdit } from './types';
import type { Reading } from './yamlEditsMeaning';
import { blockText, scalarText } from './yamlEditsScalar';
import { isMissing, isNamed, type YamlSource } from './yamlEditsSource';

/**
 * Replaces a scalar by another one in the same style, or puts one behind a colon where there is none.
 * @param colon offset behind the colon of its key; undefined for an item of a list
 * @returns undefined for what is no plain scalar
 */
export function scalarEdit(
  source: YamlSource,
  node: Node | null,
  text: string,
  reading: Reading,
  flow: boolean,
  colon?: number,
): TextEdit | undefined {
  const { newline } = source;
  const blockColumn = colon === undefined ? undefined : indentation(source, colon) + source.step;
  // What stands behind the last line of a block would become a part of it.
  const endsLine = (offset: number): boolean =>
    source.text.slice(offset, source.lineEnd(offset)).trim() === '';
  if (node === null || isMissing(node)) {
    if (colon === undefined) return undefined;
    const column = endsLine(colon) ? blockColumn : undefined;
    const value = scalarText(text, reading, { flow, blockColumn: column, newline });
    return { start: colon, end: colon, text: ` ${value}` };
  }
  if (!isScalar(node) || isNamed(node)) return undefined;
  const [start, end] = node.range ?? [0, 0];
  if (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED) {
    return blockEdit(source, { start, end }, text, reading, blockColumn);
  }
  const place = { flow, blockColumn: endsLine(end) ? blockColumn : undefined, newline };
  return { start, end, text: scalarText(text, reading, place, node.type) };
}

/** The block keeps its first line, with a comment there, and its indentation. */
function blockEdit(
  source: YamlSource,
  { start, end }: { start: number; end: number },
  text: string,
  reading: Reading,
  blockColumn: number | undefined,
): TextEdit {
  const headerEnd = source.lineEnd(start);
  const header = source.text.slice(start, headerEnd);
  const keeps = /^[|>][0-9]?\+/.test(header);
  const written = source.text.slice(0, end);
  const until = keeps ? written.replace(/\r?\n$/, '').length : written.trimEnd().length;
  const column = /\n( +)\S/.exec(source.text.slice(headerEnd, end))?.[1]?.length ?? blockColumn;
  const place = { flow: false, blockColumn: column, newline: source.newline };
  const block = blockText(text, place, header);
  if (block !== undefined) return { start, end: until, text: block };
  const hash = header.indexOf('#');
  const comment = hash === -1 ? '' : header.slice(header.slice(0, hash).trimEnd().length);
  return { start, end: until, text: scalarText(text, reading, place) + comment };
}

/** Columns before the first word of the line. */
function indentation(source: YamlSource, offset: number): number {
  const start = source.lineStart(offset);
  return /^ */.exec(source.text.slice(start, offset))?.[0].length ?? 0;
}
