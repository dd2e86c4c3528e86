import { referencePlace } from '../config/referencePlace';
import { isBefore } from './rankwiseFile';
import { keyChoices } from './rankwiseKeys';
import { cursorAt, type Cursor } from './rankwiseCursor';
import type { RankwiseContext } from './rankwiseContext';
import { referenceChoices, shellChoices } from './rankwiseReferences';
import { likeWritten } from './rankwiseScalar';
import { valueChoices } from './rankwiseValues';
import { snippetText } from './snippetText';
import type { Completion } from './types';

/** What may stand at an offset of a `rankwise.yaml`, also while it is half written. */
export function rankwiseCompletions(text: string, offset: number, context: RankwiseContext): Completion[] {
  const alias = /(?:^|[\s[{,])\*([\w-]*)$/.exec(text.slice(Math.max(0, offset - 200), offset));
  const cursor = cursorAt(text, offset);
  if (alias !== null) return aliases(text, offset, alias[1] ?? '');
  if (cursor === undefined) return [];
  const references = inReference(text, offset, cursor, context);
  if (references !== undefined) return references;
  const { part, isAlone, isBlockText } = cursor;
  if (isBlockText) return [];
  return [
    ...(part === 'key' ? keys(cursor) : []),
    ...(part === 'value' || isAlone ? values(cursor, context) : []),
  ];
}

/** Anchors above the cursor. */
function aliases(text: string, offset: number, typed: string): Completion[] {
  const above = text.slice(0, offset - typed.length - 1);
  const names = [...above.matchAll(/(?:^|[\s[{,])&([^\s,[\]{}]+)/gm)].map(([, name = '']) => name);
  return [...new Set(names)].map((name) => ({
    label: name,
    kind: 'reference',
    detail: 'anchor',
    insert: name,
    start: offset - typed.length,
    end: offset,
  }));
}

/** Names behind `${`, or in text for a shell behind `$`. Undefined where no reference is typed. */
function inReference(
  text: string,
  offset: number,
  { before, root, path, part }: Cursor,
  context: RankwiseContext,
): Completion[] | undefined {
  if (part === 'key') return undefined;
  const isShell = referencePlace(path) === 'text';
  const typed = (isShell ? /\$\{?(\w*)$/ : /\$\{([^{}]*)$/).exec(before);
  if (typed === null) return undefined;
  const [written, name = ''] = typed;
  const isBraced = written.startsWith('${');
  const rest = /^[\w.:-]*\}?/.exec(text.slice(offset, offset + 200))?.[0] ?? '';
  const choices = isShell ? shellChoices(root, path) : referenceChoices(root, path, context);
  return choices.map(({ name: label, detail }) => ({
    label,
    kind: 'reference',
    detail,
    insert: isBraced ? `${label}}` : label,
    start: offset - name.length,
    end: offset + (isBraced ? rest.length : 0),
  }));
}

function keys(cursor: Cursor): Completion[] {
  const { map, path, root, start, end, isFlow, hasColon, quote } = cursor;
  if (map === undefined) return [];
  // A key that is merged in may be given again; one of the mapping itself may not.
  const own = new Set(
    [...map.entries]
      .filter(([, { keyRange }]) => !isBefore(keyRange.start, map.range.start))
      .map(([name]) => name),
  );
  return keyChoices(root, path)
    .filter(({ key }) => !own.has(key))
    .map(({ key, detail, documentation, value }, index) => {
      const name = withinQuotes(quote, key);
      const isPlain = hasColon || quote !== '';
      return {
        label: key,
        kind: 'key',
        ...(detail !== undefined && { detail }),
        ...(documentation !== undefined && { documentation }),
        insert: isPlain ? name : `${snippetText(name)}:${isFlow ? flowValue(value) : blockValue(value)}`,
        ...(!isPlain && { snippet: true }),
        start,
        end,
        sort: String(index).padStart(4, '0'),
      };
    });
}

/** Text of the file as YAML: what stands between the quotes that are there, or the whole scalar where there are none. */
function withinQuotes(quote: string, text: string): string {
  return likeWritten(quote, text).slice(quote.length, quote === '' ? undefined : -1);
}

function blockValue(value: 'scalar' | 'list' | 'mapping'): string {
  return { scalar: ' $0', list: ' [$0]', mapping: '\n  $0' }[value];
}

function flowValue(value: 'scalar' | 'list' | 'mapping'): string {
  return { scalar: ' $0', list: ' [$0]', mapping: ' { $0 }' }[value];
}

function values(cursor: Cursor, context: RankwiseContext): Completion[] {
  const { root, path, start, end, needsBlank, quote } = cursor;
  const found = valueChoices(root, path, context);
  // A list may begin on the line of its key.
  const isList = found.length === 0;
  const choices = isList && !cursor.isAlone ? valueChoices(root, [...path, 0], context) : found;
  return choices.map(({ value, kind, detail, documentation, isText, isExample }, index) => {
    const plain = quote === '' && isText === false ? value : withinQuotes(quote, value);
    return {
      label: value,
      kind,
      ...(detail !== undefined && { detail }),
      ...(documentation !== undefined && { documentation }),
      ...(isExample !== undefined && { isExample }),
      insert: `${needsBlank ? ' ' : ''}${isList && !cursor.isAlone ? `[${plain}]` : plain}`,
      start,
      end,
      sort: String(index).padStart(4, '0'),
    };
  });
}
