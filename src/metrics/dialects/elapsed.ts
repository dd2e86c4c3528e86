import type { Dialect, Reading } from './dialect';
import { Values } from './values';

/** `--- 1153.6431467533112 seconds ---`, as many scripts print their run time; the dashes behind may be missing. */
const total =
  /^\s{0,20}-{3}\s{0,4}(\d{1,12}(?:\.\d{0,30})?(?:e[-+]?\d{1,3})?) seconds(?:\s{0,4}-{3})?\s{0,400}$/;

function read(line: string): Reading | undefined {
  const match = line.includes('---') ? total.exec(line) : null;
  if (match === null) return undefined;
  const values = new Values();
  values.put('run_time', Number(match[1]));
  return { epoch: undefined, step: undefined, values: values.map };
}

export const elapsed: Dialect = {
  name: '--- seconds ---',
  scope: 'worker',
  reporters: 'every',
  start: () => read,
};
