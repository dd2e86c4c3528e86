import { z } from 'zod';
import { launcherNames } from '../config/model';

const texts = z.array(z.string());
const textByName = z.record(z.string(), z.string());
const host = z.looseObject({ name: z.string(), target: z.looseObject({ host: z.string() }) });

/** What every launch in a stored file has; the rest is as its version wrote it. */
export const launchShape = z.looseObject({
  name: z.string(),
  cluster: z.string(),
  launcher: z.enum(launcherNames),
  command: z.union([z.string(), texts]),
  env: textByName,
  files: texts,
  params: textByName,
  source: z.string(),
});

/** What every cluster in a stored file has. */
export const clusterShape = z.looseObject({
  name: z.string(),
  hosts: z.array(host),
  slurm: z.looseObject({ login: host }).optional(),
  setup: texts,
  env: textByName,
});
