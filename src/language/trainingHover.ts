import { readTraining, type TrainingDocument, type TrainingEntry } from '../config/training/readTraining';
import type { TrainingKey } from '../config/training/trainingKeys';
import { trainingTotals } from '../config/training/trainingTotals';
import type { TrainingLaunch } from '../config/training/trainingUse';
import { codeSpan } from './markdown';
import type { TrainingContext } from './trainingContext';
import { scalingText, workersText } from './trainingInlayHints';
import type { HoverText } from './types';

/** What a known key means, with what its value comes to; of `nodes` and `gpus` also what the launches have. */
export function trainingHover(text: string, offset: number, { use }: TrainingContext): HoverText | undefined {
  const document = readTraining(text);
  const { shape } = document;
  if (shape === undefined) return undefined;
  for (const entry of document.entries) {
    const known = Object.hasOwn(shape.keys, entry.key) ? shape.keys[entry.key] : undefined;
    const end = entry.value?.end ?? entry.keyEnd;
    if (known === undefined || offset < entry.keyStart || offset > end) continue;
    const at =
      entry.value === undefined || offset <= entry.keyEnd
        ? { start: entry.keyStart, end: entry.keyEnd }
        : { start: entry.value.start, end };
    const parts = [
      `**${codeSpan(entry.key)}**: ${typeText(known)}`,
      known.description,
      ...meaning(document, entry),
      ...launchLines(entry.key, use?.launches ?? []),
    ];
    return { ...at, markdown: parts.join('\n\n') };
  }
  return undefined;
}

/** What a value of the key must be, in words. */
export function typeText({ value, least }: TrainingKey): string {
  const names = {
    whole: 'whole number',
    number: 'number',
    boolean: '`true` or `false`',
    level: 'whole number, `true` or `false`',
  } as const;
  return least === undefined ? names[value] : `${names[value]}, at least ${least}`;
}

function meaning(document: TrainingDocument, { value }: TrainingEntry): string[] {
  const { batch, workers, totalBatch, rate } = trainingTotals(document);
  if (value === undefined || workers === undefined) return [];
  if (batch?.value === value && totalBatch !== undefined)
    return [`Total batch: ${batch.perWorker} × ${workersText(document, workers)} = ${totalBatch}.`];
  return rate?.value === value && workers > 1 ? [scalingText(document, rate.number, workers)] : [];
}

/** What the launches that use the file have of a resource. */
function launchLines(key: string, launches: readonly TrainingLaunch[]): string[] {
  return launches.slice(0, 5).flatMap(({ name, nodes, gpus, hosts }) => {
    const [first] = hosts ?? [];
    const has =
      key === 'nodes' ? (nodes ?? hosts?.length) : key === 'gpus' ? (gpus ?? first?.gpus) : undefined;
    return has === undefined ? [] : [`Launch ${codeSpan(name)}: ${has}`];
  });
}
