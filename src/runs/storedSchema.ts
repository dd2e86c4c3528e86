import { z } from 'zod';
import { emptyPlan } from '../launch/plan';
import { planSchema } from './planSchema';
import type { StoredRun } from './registry';
import { parseShaped } from './storedFiles';

const time = z.number();
const host = planSchema.shape.hosts.element.extend({ target: z.looseObject({ host: z.string() }) });

/** What the run of a `run.json` is built from; the rest is only shown. */
const storedSchema = z.looseObject({
  version: z.literal(1),
  id: z.string(),
  number: z.number().int(),
  launch: z.string(),
  plan: planSchema.extend({ hosts: z.array(host).min(1) }),
  startedAt: time,
  endedAt: time.optional(),
  final: z
    .discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('ended'), exit: z.looseObject({ code: z.number() }), by: z.string() }),
      z.looseObject({ kind: z.literal('gone'), hosts: z.array(z.string()) }),
    ])
    .optional(),
  preparedBy: z
    .looseObject({
      pid: z.number().int(),
      startTime: z.string(),
      machine: z.looseObject({ name: z.string(), boot: z.string() }).optional(),
    })
    .optional(),
  warnings: z.array(z.string()).optional(),
  earlier: z.record(z.string(), z.record(z.string(), z.number())).optional(),
});

/**
 * The run in a `run.json`, with what older ones lack. Nothing that was written there is left out.
 * @param id of the run that it must be.
 * @throws Error saying what is wrong with it.
 */
export function parseStored(text: string, id: string): StoredRun {
  const stored = parseShaped(text, storedSchema) as StoredRun;
  if (stored.id !== id) throw new Error(`it is of the run ${stored.id}`);
  return { ...stored, plan: { ...emptyPlan, ...stored.plan } };
}
