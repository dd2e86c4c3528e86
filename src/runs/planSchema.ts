import { z } from 'zod';
import { launcherNames } from '../config/model';
import { emptyPlan, type Plan } from '../launch/plan';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
const processId = z.string().regex(/^[a-z0-9-]+$/);
const count = z.number().int().nonnegative();

/** A plan as a host has it on disk: checked like any input from outside, SSH targets left out. */
export const planSchema = z.object({
  version: z.literal(1),
  run: name,
  launch: z.string(),
  cluster: z.string(),
  launcher: z.enum(launcherNames),
  hosts: z.array(z.object({ name, peer: z.string() })).min(1),
  files: z.array(z.object({ host: name, path: z.string(), mode: count, content: z.string() })),
  processes: z.array(
    z.object({
      id: processId,
      host: name,
      role: z.enum(['worker', 'launcher', 'service']),
      argv: z.array(z.string()),
      env: z.record(z.string(), z.string()),
      cwd: z.string(),
      tags: z
        .enum(['none', 'openmpi', 'srunLabel', 'ray', 'torchrun', 'deepspeed', 'horovodrun', 'auto'])
        .default('none'),
      lingerSeconds: count.default(0),
    }),
  ),
  np: count,
  workers: z.array(z.object({ id: z.string(), host: name, localIndex: count, rank: count.optional() })),
  sync: z.array(z.object({ local: z.string(), remote: z.string() })),
  workdir: z.string(),
  stop: z.array(z.object({ signal: z.enum(['INT', 'TERM', 'KILL']), graceSeconds: count })),
  onWorkerExit: z.enum(['stop', 'keep']),
  notes: z.array(z.string()),
  setupScripts: z.array(z.object({ local: z.string(), remote: z.string() })).default([]),
  checkout: z
    .object({ repository: z.string(), ref: z.string() })
    .optional()
    .transform((checkout) => checkout),
  secrets: z.array(z.object({ variable: z.string(), source: z.string() })).default([]),
  slurm: z
    .object({ script: z.string(), hasRecords: z.boolean(), pollSeconds: count })
    .optional()
    .transform((slurm) => slurm),
  pages: z.array(z.object({ label: z.string(), host: name, port: count })).default([]),
  chosenPorts: z.array(z.object({ host: name, port: count })).default([]),
  outputs: z.array(z.string()).default([]),
  metrics: z
    .array(
      z.object({
        name: z.string(),
        pattern: z.string(),
        unit: z
          .string()
          .optional()
          .transform((unit) => unit),
        scope: z.enum(['worker', 'job']),
      }),
    )
    .default([]),
  joinSeconds: count.default(emptyPlan.joinSeconds),
  signalled: z.enum(['workers', 'all']).default('workers'),
});

/** A plan without the way to its hosts. */
export type FoundPlan = Omit<Plan, 'hosts' | 'workers' | 'checkout' | 'slurm'> & {
  checkout?: Plan['checkout'];
  slurm?: Plan['slurm'];
  hosts: Omit<Plan['hosts'][number], 'target'>[];
  workers: (Omit<Plan['workers'][number], 'rank'> & { rank?: number | undefined })[];
};

/** The plan in a `plan.json`, or undefined where the text is not one. */
export function parsePlan(text: string): FoundPlan | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return planSchema.safeParse(json).data;
}
