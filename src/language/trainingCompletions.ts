import { getLocation, type Location } from 'jsonc-parser/lib/esm/main.js';
import { refuseDeepJson } from '../config/training/jsonDepth';
import { readTraining, type TrainingDocument } from '../config/training/readTraining';
import { trainingShapes, type TrainingKey } from '../config/training/trainingKeys';
import { countAt } from '../config/training/trainingTotals';
import type { TrainingContext } from './trainingContext';
import { typeText } from './trainingHover';
import type { Completion } from './types';

/** Known keys that are not there yet, and values for them. */
export function trainingCompletions(text: string, offset: number, context: TrainingContext): Completion[] {
  const location = locationAt(text, offset);
  const key = location?.path[0];
  if (location?.path.length !== 1 || typeof key !== 'string') return [];
  const document = readTraining(text);
  if (location.isAtPropertyKey) return keyCompletions(text, offset, location, document);
  const shape = trainingShapes.find(({ keys }) => Object.hasOwn(keys, key));
  const known = shape?.keys[key];
  return known === undefined ? [] : valueCompletions(text, offset, location, document, key, known, context);
}

function locationAt(text: string, offset: number): Location | undefined {
  try {
    refuseDeepJson(text);
    return getLocation(text, offset);
  } catch (error) {
    // Nested too deeply: no configuration.
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function keyCompletions(
  text: string,
  offset: number,
  { previousNode }: Location,
  document: TrainingDocument,
): Completion[] {
  const inside =
    previousNode !== undefined &&
    offset > previousNode.offset &&
    offset <= previousNode.offset + previousNode.length;
  const start = inside ? previousNode.offset : wordStart(text, offset);
  const end = inside ? Math.max(offset, keyEnd(text, previousNode.offset, offset)) : wordEnd(text, offset);
  const rest = /^\s*/.exec(text.slice(end, end + 200))?.[0].length ?? 0;
  const next = text.charAt(end + rest);
  const present = new Set(
    document.entries.filter(({ keyStart }) => keyStart !== start).map(({ key }) => key),
  );
  const shapes = document.shape === undefined ? trainingShapes : [document.shape];
  return shapes.flatMap(({ keys }) =>
    Object.entries(keys)
      .filter(([key]) => !present.has(key))
      .map(([key, known], index): Completion => {
        const hasValue = next === ':';
        return {
          label: key,
          kind: 'key',
          detail: typeText(known).replaceAll('`', ''),
          documentation: known.description,
          insert: hasValue ? `"${key}"` : `"${key}": \${1:${known.example}}${next === '"' ? ',' : ''}`,
          ...(hasValue ? {} : { snippet: true }),
          start,
          end,
          sort: String(index).padStart(2, '0'),
        };
      }),
  );
}

function valueCompletions(
  text: string,
  offset: number,
  { previousNode }: Location,
  document: TrainingDocument,
  key: string,
  known: TrainingKey,
  { use }: TrainingContext,
): Completion[] {
  const inside =
    previousNode !== undefined &&
    previousNode.type !== 'object' &&
    previousNode.type !== 'array' &&
    offset > previousNode.offset &&
    offset <= previousNode.offset + previousNode.length;
  const start = inside ? previousNode.offset : wordStart(text, offset);
  const end = inside ? previousNode.offset + previousNode.length : wordEnd(text, offset);
  const values = new Map<string, string>();
  const offer = (value: string, detail: string): void => {
    if (!values.has(value)) values.set(value, detail);
  };
  const nodes = countAt(document, 'nodes');
  const gpus = countAt(document, 'gpus');
  if (key === 'num_workers' && nodes !== undefined && gpus !== undefined && gpus > 0)
    offer(String(nodes * gpus), 'nodes × gpus');
  for (const launch of use?.launches ?? []) {
    const hosts = launch.nodes ?? launch.hosts?.length;
    const onHost = launch.gpus ?? launch.hosts?.[0]?.gpus;
    if (key === 'nodes' && hosts !== undefined) offer(String(hosts), `hosts of ${launch.name}`);
    if (key === 'gpus' && onHost !== undefined) offer(String(onHost), `on each host of ${launch.name}`);
    if (key === 'num_replicas' && hosts !== undefined && onHost !== undefined && onHost > 0)
      offer(String(hosts * onHost), `all GPUs of ${launch.name}`);
  }
  if (known.value === 'boolean') for (const value of ['true', 'false']) offer(value, '');
  else offer(known.example, 'example');
  return [...values].map(([value, detail], index) => ({
    label: value,
    kind: 'value',
    detail,
    insert: value,
    start,
    end,
    sort: String(index).padStart(2, '0'),
  }));
}

/** The end of a key that may lack its closing quote: then what follows on the line is no part of it. */
function keyEnd(text: string, start: number, offset: number): number {
  const match = /^"\w*"/.exec(text.slice(start, start + 200));
  return match === null ? wordEnd(text, offset) : start + match[0].length;
}

function wordStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && /[\w.+-]/.test(text.charAt(start - 1))) start--;
  return start;
}

function wordEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && /[\w.+-]/.test(text.charAt(end))) end++;
  return end;
}
