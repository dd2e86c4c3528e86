import type { MetricName } from '../point';
import type { Dialect, ReadLine, Reading } from './dialect';
import { wholeNumber } from './number';
import { metricNamed } from './pairNames';
import { Values } from './values';

/**
 * Keras 2 and 3, `verbose=1` and `2`. `Epoch 2/3` stands on a line of its own; then each state of the bar:
 * `16/16 [=====] - 3s 2ms/step - loss: 1.9 - accuracy: 0.25 - val_loss: 1.8`, in Keras 3 `16/16 ━━━━ 3s 2ms/step - …`,
 * with `verbose=2` `16/16 - 3s - 2ms/step - …`. Metrics are averages over the epoch so far. Rank 0 alone should print.
 */
const heading = /^\s{0,4}Epoch (\d{1,9})\/\d{1,9}\s{0,4}$/;
const bar =
  /^\s{0,12}(\d{1,12})\/(\d{1,12}|Unknown|None) {1,2}(?:\[[=>.]{1,200}\] - |[━╸╺ ]{1,200} |- )(ETA: )?(?:(\d{1,9})s(?: - | |$))?/;
const perStep = /(?:^|[ -])(\d{1,12})(us|ms|s)\/(?:step|sample)(?= |$)/;
const seconds: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1 };
const accuracy = /^(val_)?(?:sparse_|sparse_categorical_|categorical_|binary_)accuracy$/;

function nameOf(printed: string): MetricName | undefined {
  const match = accuracy.exec(printed);
  if (match !== null) return match[1] === undefined ? 'accuracy' : 'val_accuracy';
  return metricNamed(printed);
}

function readBar(line: string, epoch: number | undefined): Reading | undefined {
  const head = bar.exec(line);
  if (head === null) return undefined;
  const values = new Values();
  const fields = line.slice(head[0].length).split(' - ');
  const time = perStep.exec(line.slice(0, head[0].length + (fields[0]?.length ?? 0) + 20));
  for (const field of fields) {
    const colon = field.indexOf(': ');
    const name = colon > 0 && colon <= 64 ? nameOf(field.slice(0, colon).trim()) : undefined;
    if (name !== undefined) values.put(name, wholeNumber(field.slice(colon + 2).trim()));
  }
  if (values.map.size === 0 && time === null) return undefined;
  if (time !== null) values.put('step_time', Number(time[1]) * (seconds[time[2] ?? ''] ?? NaN));
  const isWhole = head[1] === head[2] && head[3] === undefined;
  // Whole seconds: nothing can be said of an epoch under one.
  if (isWhole && Number(head[4]) > 0) values.put('epoch_time', Number(head[4]));
  return { epoch, step: Number(head[1]), values: values.map };
}

function start(): ReadLine {
  let epoch: number | undefined;
  return (line) => {
    const first = line.charCodeAt(0);
    const isDigit = first >= 0x30 && first <= 0x39;
    if (!isDigit && first !== 0x20 && first !== 0x45) return undefined;
    const head = heading.exec(line);
    if (head === null) return readBar(line, epoch);
    epoch = Number(head[1]);
    return { epoch, step: undefined, values: new Map() };
  };
}

export const keras: Dialect = { name: 'Keras', scope: 'worker', reporters: 'rank0', start };
