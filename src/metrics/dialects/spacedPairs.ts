import type { Dialect, Reading } from './dialect';
import { decimal } from './number';
import { readContext } from './pairContext';
import { metricNamed } from './pairNames';
import { Values } from './values';

/**
 * Lines that begin with their place and name values without `=` or `:`: `Epoch 0 step 3 loss 0.2500 100 samples/s`. The
 * place must come first: `loss 3` alone may be prose.
 */
const head = /^\s{0,8}\[?(?:epoch|step|iter|iteration|batch) {0,2}[#[]?\d{1,12}[\],]?(?= |$)/i;
const pair = new RegExp(`(?<=[ ,])([A-Za-z][\\w@/-]{0,31}) (${decimal})(?=[ ,;]|$)`, 'g');
const rate = new RegExp(`(?<=[ ,])(${decimal}) (?:samples|images|imgs|img|examples)/s(?:ec|econd)?\\b`);

function read(line: string): Reading | undefined {
  if (!head.test(line)) return undefined;
  const values = new Values();
  for (const [, printed = '', value] of line.matchAll(pair)) {
    const name = metricNamed(printed);
    if (name !== undefined) values.putPrinted(name, Number(value));
  }
  const speed = rate.exec(line);
  if (speed !== null) values.put('throughput', Number(speed[1]));
  return values.map.size === 0 ? undefined : { ...readContext(line), values: values.map };
}

export const spacedPairs: Dialect = {
  name: 'name value',
  scope: 'worker',
  reporters: 'every',
  start: () => read,
};
