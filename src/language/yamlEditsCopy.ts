import { isAlias, isNode, visit } from 'yaml';
import { parseYaml } from '../config/yamlTree';
import { applyEdits } from './applyEdits';
import type { TextEdit } from './types';
import { at, meaning } from './yamlEditsMeaning';
import { YamlSource, type KeyValue } from './yamlEditsSource';
import { yamlKey } from './yamlEntryText';

/**
 * Puts a copy of a cluster or launch behind it, byte for byte but for its name. Anchors stay with the original.
 * @returns undefined where that cannot be done: the text does not parse, there is no such entry, or the name is taken
 */
export function duplicateEntry(
  text: string,
  section: 'clusters' | 'launches',
  name: string,
  newName: string,
): TextEdit[] | undefined {
  const source = YamlSource.read(text);
  const found = source?.find([section, name]);
  const place = found?.places[1];
  if (source === undefined || place === undefined) return undefined;
  const { map, pair } = place;
  const flow = map.flow === true;
  const colon = source.afterColon(pair);
  const start = pair.key.range?.[0];
  if (colon === undefined || start === undefined) return undefined;
  const end = flow ? source.endOfPair(pair) : source.lineEnd(source.endOfPair(pair));
  const copy = yamlKey(newName) + ':' + withoutAnchors(source, pair, colon, end);
  const pad = ' '.repeat(source.column(start));
  const gap = isSpaced(source, map.items) ? source.newline.repeat(2) : source.newline;
  const edits = [{ start: end, end, text: flow ? `, ${copy}` : gap + pad + copy }];
  return isCopy(text, applyEdits(text, edits), [section, name], [section, newName]) ? edits : undefined;
}

function withoutAnchors(source: YamlSource, pair: KeyValue, start: number, end: number): string {
  const anchors: TextEdit[] = [];
  visit(pair.value, {
    Node(_key, node) {
      const anchor = isNode(node) && !isAlias(node) ? node.anchor : undefined;
      if (anchor === undefined) return;
      const found = source.text.slice(0, node.range?.[0]).lastIndexOf(`&${anchor}`);
      const blanks = /^[ \t]*(?![\r\n])/.exec(source.text.slice(found + anchor.length + 1))?.[0].length ?? 0;
      if (found >= start)
        anchors.push({ start: found - start, end: found - start + anchor.length + 1 + blanks, text: '' });
    },
  });
  return applyEdits(source.text.slice(start, end), anchors);
}

/** True where a blank line parts the last two entries. */
function isSpaced(source: YamlSource, items: readonly KeyValue[]): boolean {
  const [before, last] = items.slice(-2);
  if (before === undefined || last === undefined) return false;
  return /\n[ \t]*\r?\n/.test(source.text.slice(source.endOfPair(before), last.key.range?.[0]));
}

function isCopy(before: string, after: string, from: string[], to: string[]): boolean {
  const [old, made] = [parseYaml(before).root, parseYaml(after)];
  if (old === undefined || made.root === undefined || made.problems.length > 0) return false;
  const [original, copy] = [at(old, from), at(made.root, to)];
  if (original === undefined || copy === undefined || at(old, to) !== undefined) return false;
  return meaning(original) === meaning(copy) && meaning(made.root, to) === meaning(old, to);
}
