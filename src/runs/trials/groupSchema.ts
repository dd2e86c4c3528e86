import { z } from 'zod';
import { clusterShape, launchShape } from '../modelShapes';
import { parseShaped } from '../storedFiles';
import type { StoredGroup } from './group';

const time = z.number();
const values = z.record(z.string(), z.string());

const groupSchema = z.looseObject({
  version: z.literal(1),
  id: z.string(),
  name: z.string().optional(),
  launch: launchShape,
  cluster: clusterShape,
  values,
  queuedAt: time,
  trials: z.array(
    z.looseObject({
      id: z.string(),
      label: z.string(),
      values,
      repeat: z.number().int(),
      state: z.enum(['queued', 'starting', 'running', 'done', 'failed', 'skipped', 'stopped']),
      run: z.string().optional(),
      slot: z.looseObject({ host: z.string(), index: z.number().int() }).optional(),
      attempts: z.number().int(),
      queuedAt: time,
      endedAt: time.optional(),
    }),
  ),
});

/**
 * The group in a file of `groups/`. Nothing that was written there is left out.
 * @param id of the group that it must be.
 * @throws Error saying what is wrong with it.
 */
export function parseGroup(text: string, id: string): StoredGroup {
  const group = parseShaped(text, groupSchema) as StoredGroup;
  if (group.id !== id) throw new Error(`it is of the group ${group.id}`);
  return group;
}
