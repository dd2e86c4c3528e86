import type { MetricName } from '../point';
import type { Dialect, ReadLine, Reading } from './dialect';
import { decimal, wholeNumber } from './number';
import { metricNamed } from './pairNames';
import { Values } from './values';

/**
 * The progress bars of Lightning, each state a line: tqdm (`Epoch 3: 100%|██| 40/40 [00:01<00:00, 35.21it/s, v_num=0,
 * train_loss=0.31, val_acc=0.91]`) and rich (`Epoch 3/9 ━━━ 40/40 0:00:01 • 0:00:00 35.21it/s train_loss: 0.31`, further
 * metrics on lines of their own where the terminal is narrow). Rank 0 alone prints.
 */
const tqdm =
  /^\s{0,200}Epoch (\d{1,9}): {1,4}\d{1,3}%\|.{0,400}?\| {0,2}(\d{1,12})\/\d{1,12} \[[\d:]{1,12}<[\d:?]{1,12}(?:, {1,4}([\d.]{1,12}|\?)(it\/s|s\/it))?/;
const rich =
  /^\s{0,4}Epoch (\d{1,9})\/-?\d{1,9} {1,4}[━╸╺ ]{1,400}(\d{1,12})\/\d{1,12} \d{1,3}:\d\d:\d\d • [-\d:]{1,10} {1,4}([\d.]{1,12})(it\/s)/;
const other =
  /^\s{0,200}(?:Validation|Validating|Testing|Predicting|Sanity Checking|Training)\b.{0,40}(?:: |[━╸╺]).{0,400}?\d{1,12}(?:\/\d{1,12}|it \[)/;
const richPair = new RegExp(`([A-Za-z][\\w/@.-]{0,60}): (${decimal})(?=\\s|$)`, 'g');
const richRest = new RegExp(`^ {8,400}[A-Za-z][\\w/@.-]{0,60}: ${decimal}\\s{0,400}$`);

/** `train_loss_step` and `train_loss_epoch`: the same metric logged per step and per epoch. */
function nameOf(printed: string): MetricName | undefined {
  return metricNamed(printed) ?? metricNamed(printed.replace(/_(?:step|epoch)$/, ''));
}

function putRate(values: Values, rate: string | undefined, unit: string | undefined): void {
  const number = rate === undefined ? undefined : wholeNumber(rate);
  if (number === undefined || number <= 0) return;
  values.put('step_time', unit === 's/it' ? number : 1 / number);
}

function putRich(values: Values, text: string): void {
  for (const [, printed = '', value] of text.matchAll(richPair)) {
    const name = nameOf(printed);
    if (name !== undefined) values.putPrinted(name, Number(value));
  }
}

function readTqdm(line: string): Reading | undefined {
  const head = tqdm.exec(line);
  if (head === null) return undefined;
  const values = new Values();
  const end = line.indexOf(']', head[0].length);
  for (const field of line.slice(head[0].length, end < 0 ? undefined : end).split(',')) {
    const equals = field.indexOf('=');
    const name = equals > 0 && equals <= 64 ? nameOf(field.slice(0, equals).trim()) : undefined;
    if (name !== undefined) values.putPrinted(name, wholeNumber(field.slice(equals + 1).trim()));
  }
  if (values.map.size > 0) putRate(values, head[3], head[4]);
  return { epoch: Number(head[1]), step: Number(head[2]), values: values.map };
}

function start(): ReadLine {
  let place: { epoch: number; step: number } | undefined;
  return (line) => {
    if (line.includes('%|')) {
      place = undefined;
      const reading = readTqdm(line);
      if (reading !== undefined) return reading;
    } else if (line.includes('━')) {
      const head = rich.exec(line);
      if (head !== null) {
        const values = new Values();
        putRich(values, line.slice(head[0].length));
        if (values.map.size > 0) putRate(values, head[3], head[4]);
        place = { epoch: Number(head[1]), step: Number(head[2]) };
        return { ...place, values: values.map };
      }
    } else if (place !== undefined) {
      if (richRest.test(line)) {
        const values = new Values();
        putRich(values, line);
        return { ...place, values: values.map };
      }
      place = undefined;
      return undefined;
    } else return undefined;
    return other.test(line) ? { epoch: undefined, step: undefined, values: new Map() } : undefined;
  };
}

export const lightning: Dialect = { name: 'Lightning bar', scope: 'worker', reporters: 'rank0', start };
