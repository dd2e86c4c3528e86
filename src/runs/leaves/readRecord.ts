import { open } from 'node:fs/promises';
import type { Registry } from '../registry';
import type { Run } from '../run';
import { parseHyperparameters } from './hyperparameters';
import type { RunRecord } from './runRecord';

const FIRST_BYTES = 100_000;
/** All ranks print the same; those of the first logs are enough. */
const MOST_LOGS = 16;

/** The record of a run, and what its program printed of its settings. */
export interface KnownRecord {
  /** Undefined for a run that another machine began, or before its start. */
  record: RunRecord | undefined;
  /** From the first lines of its logs; undefined where they do not say. */
  hyperparameters: Record<string, string> | undefined;
}

export async function readRecord(registry: Registry, run: Run): Promise<KnownRecord> {
  return { record: registry.readRecord(run.id), hyperparameters: await printedHyperparameters(run) };
}

async function printedHyperparameters(run: Run): Promise<Record<string, string> | undefined> {
  for (const path of run.hosts.logs.slice(0, MOST_LOGS)) {
    const found = parseHyperparameters(await firstOf(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function firstOf(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return '';
  try {
    const buffer = Buffer.alloc(FIRST_BYTES);
    const { bytesRead } = await file.read(buffer, 0, FIRST_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
