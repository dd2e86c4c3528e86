import type { Dialect, Reading } from './dialect';
import { metricNamed } from './pairNames';
import { readDict } from './pythonDict';
import { Values } from './values';

/**
 * A line that is one flat object: of JSON (`{"step": 1, "loss": 0.5}`), or a dictionary that Python printed, behind a tag
 * of Ray or what a logger puts in front. It must name an epoch or a step: what does not is a result, or settings.
 */
const object =
  /^(?:\([^()]{1,200} pid=[^()]{1,200}\) |.{0,200}?(?:: |- |\] ))?(\{["'][^{}]{1,8000}\})\s{0,400}$/;
/** From the finest to the coarsest; the first that an object has counts. */
const stepKeys = ['step', 'iter', 'iteration', 'batch', 'global_step'];

function read(line: string): Reading | undefined {
  const text = line.includes('{"') || line.includes("{'") ? object.exec(line)?.[1] : undefined;
  if (text === undefined) return undefined;
  const fields = readDict(text);
  const epoch = fields.get('epoch');
  const stepKey = stepKeys.find((key) => fields.has(key));
  const step = stepKey === undefined ? undefined : fields.get(stepKey);
  if (epoch === undefined && step === undefined) return undefined;
  const values = new Values();
  for (const [printed, value] of fields) {
    const name = metricNamed(printed);
    if (name !== undefined) values.putPrinted(name, value);
  }
  const measured = values.map.size > 1 || (values.map.size === 1 && !values.map.has('lr'));
  return measured ? { epoch, step, values: values.map } : undefined;
}

export const objects: Dialect = { name: 'object', scope: 'worker', reporters: 'every', start: () => read };
