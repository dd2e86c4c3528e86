import { z } from 'zod';
import { launchShape } from '../modelShapes';
import { parseShaped } from '../storedFiles';
import type { RunRecord } from './runRecord';

const recordSchema = z.looseObject({
  version: z.literal(1),
  git: z
    .looseObject({
      commit: z.string(),
      branch: z.string().optional(),
      isDirty: z.boolean(),
      diff: z.string(),
      isDiffCut: z.boolean(),
    })
    .optional(),
  config: z.looseObject({ path: z.string(), text: z.string(), isCut: z.boolean() }).optional(),
  launch: launchShape,
  yaml: z.string().optional(),
  packages: z.array(
    z.looseObject({
      hosts: z.array(z.string()),
      versions: z.record(z.string(), z.string().nullable()),
      reason: z.string().optional(),
    }),
  ),
});

/** The record in a `record.json`. @throws Error saying what is wrong with it. */
export function parseRecord(text: string): RunRecord {
  return parseShaped(text, recordSchema) as RunRecord;
}
