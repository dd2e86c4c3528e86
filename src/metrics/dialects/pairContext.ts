/** `epoch=0`, `Epoch 3/10`, `Epoch [3/10]`, `step: 20`, `Iter #0`, … Every repetition is bounded. */
const place =
  /(?<![\w.-])(epoch|step|global_step|iteration|iter|batch)(?:(?:\s{0,2}[:=#]|\s{0,2}\[|\s)\s{0,2}#?\[?)\s{0,4}(\d{1,12})(?!\w|\.\d|:\d|-\d)/gi;
/** The position in a bar of tqdm: `| 6/20 [00:00<00:00`. */
const bar = /(?:^|[\s|])(\d{1,12})\/\d{1,12} \[\d/;

/** From the finest to the coarsest; the first that a line has counts. */
const stepWords = ['step', 'iter', 'iteration', 'batch', 'global_step'];

/** Epoch and step that a line names; undefined where it does not. */
export function readContext(line: string): { epoch: number | undefined; step: number | undefined } {
  const found = new Map<string, number>();
  for (const match of line.matchAll(place)) {
    const word = (match[1] ?? '').toLowerCase();
    if (!found.has(word)) found.set(word, Number(match[2]));
  }
  const stepWord = stepWords.find((word) => found.has(word));
  const position = stepWord === undefined ? bar.exec(line)?.[1] : undefined;
  return {
    epoch: found.get('epoch'),
    step:
      stepWord === undefined ? (position === undefined ? undefined : Number(position)) : found.get(stepWord),
  };
}
