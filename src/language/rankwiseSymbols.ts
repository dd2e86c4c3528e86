import type { Range } from '../config/problem';
import type { YamlEntry, YamlMapping, YamlNode } from '../config/yamlTree';
import { isBefore, rankwiseFile, type RankwiseFile } from './rankwiseFile';
import type { DocumentSymbol, FoldingLines } from './types';

/** Sections with their clusters and launches, and the keys of those. */
export function rankwiseSymbols(text: string): DocumentSymbol[] {
  const file = rankwiseFile(text);
  if (file.root?.kind !== 'map') return [];
  return ownEntries(file.root).map(([name, entry]) => {
    const kind = name === 'clusters' ? 'cluster' : name === 'launches' ? 'launch' : undefined;
    const below = kind !== undefined && entry.value.kind === 'map' ? ownEntries(entry.value) : [];
    const children = below.map(([child, inner]) => {
      const parts = inner.value.kind === 'map' ? ownEntries(inner.value) : [];
      return {
        ...symbol(file, child, kind ?? 'section', inner, summary(inner.value)),
        children: parts.map(([key, part]) => symbol(file, key, 'option', part, scalar(part.value))),
      };
    });
    return { ...symbol(file, name, 'section', entry, scalar(entry.value)), children };
  });
}

/** What an outline says beside the name of a cluster or launch. */
function summary(node: YamlNode): string {
  const part = (key: string): string => (node.kind === 'map' ? scalar(node.entries.get(key)?.value) : '');
  return [part('launcher'), part('cluster'), part('login')].filter((word) => word !== '').join(' · ');
}

function scalar(node: YamlNode | undefined): string {
  const line = node?.kind === 'scalar' ? (node.text.split(/[\r\n]/, 1)[0] ?? '') : '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** Entries that are written in the mapping itself, not merged into it. */
export function ownEntries(map: YamlMapping): [string, YamlEntry][] {
  return [...map.entries].filter(([, { keyRange }]) => !isBefore(keyRange.start, map.range.start));
}

function symbol(
  { lines }: RankwiseFile,
  name: string,
  kind: DocumentSymbol['kind'],
  { keyRange, value }: YamlEntry,
  detail: string,
): DocumentSymbol {
  const end = endOf(keyRange, value);
  return {
    name: name.trim() === '' ? '(empty)' : name,
    ...(detail !== '' && { detail }),
    kind,
    start: lines.offset(keyRange.start),
    end: lines.offset(end),
    nameStart: lines.offset(keyRange.start),
    nameEnd: lines.offset(keyRange.end),
  };
}

/** An alias stands where its anchor is, which is above its key. */
function endOf(key: Range, value: YamlNode): Range['end'] {
  return isBefore(value.range.end, key.end) ? key.end : value.range.end;
}

/** Mappings and lists of several lines, and blocks of comments. */
export function rankwiseFolding(text: string): FoldingLines[] {
  const { root } = rankwiseFile(text);
  const found: FoldingLines[] = [];
  const seen = new Set<YamlNode>();
  const walk = (node: YamlNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'list') node.items.forEach(walk);
    if (node.kind !== 'map') return;
    for (const { keyRange, value } of node.entries.values()) {
      const [startLine, endLine] = [keyRange.start.line, value.range.end.line];
      if (endLine > startLine) found.push({ startLine, endLine });
      walk(value);
    }
  };
  if (root !== undefined) walk(root);
  return [...new Map(found.map((lines) => [lines.startLine, lines])).values(), ...commentBlocks(text)].sort(
    (a, b) => a.startLine - b.startLine,
  );
}

function commentBlocks(text: string): FoldingLines[] {
  const found: FoldingLines[] = [];
  let first: number | undefined;
  const lines = [...text.split(/\r\n|\r|\n/), ''];
  for (const [index, line] of lines.entries()) {
    if (line.trimStart().startsWith('#')) first ??= index;
    else {
      if (first !== undefined && index - first > 1)
        found.push({ startLine: first, endLine: index - 1, comment: true });
      first = undefined;
    }
  }
  return found;
}
