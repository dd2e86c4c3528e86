import { parseArgs } from 'node:util';

/** What the launcher says of this process. */
export interface Place {
  rank: number;
  worldSize: number;
  masterAddress: string;
  masterPort: number;
}

export interface TrainingOptions {
  epochs: number;
  /** Steps per epoch; undefined: as many as this rank's samples give. */
  steps: number | undefined;
  /** Samples per step and rank. */
  batch: number;
  /** Least time of a step, in milliseconds. */
  paceMs: number;
  /** The rank that does more work for each sample. */
  slowRank: number | undefined;
  seed: number;
  joinTimeoutMs: number;
  ignoreTerm: boolean;
}

export const usage = `usage: practice-training [options]
A small data-parallel training: reads RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT from the environment.
  --epochs N         passes over the data (40)
  --steps N          steps per epoch (what the data give)
  --batch N          samples per step and rank (128)
  --pace MS          least time of a step, so that a laptop stays cool (100)
  --slow RANK        this rank does twice the work and more for each sample
  --seed N           of the data and the initial weights (1)
  --join-timeout S   how long to wait for all ranks (60)
  --ignore-term      ignore SIGINT and SIGTERM`;

/** A mistake in how the program was called; shown with {@link usage}. */
export class UsageError extends Error {}

/** @throws UsageError naming the option. */
export function parseOptions(args: string[]): TrainingOptions {
  const values = readArguments(args);
  const number = (name: NumericOption, fallback: number, least: number): number => {
    const text = values[name];
    return text === undefined ? fallback : wholeNumber(`--${name}`, text, least);
  };
  return {
    epochs: number('epochs', 40, 1),
    steps: values.steps === undefined ? undefined : number('steps', 0, 1),
    batch: number('batch', 128, 1),
    paceMs: number('pace', 100, 0),
    slowRank: values.slow === undefined ? undefined : number('slow', 0, 0),
    seed: number('seed', 1, 0),
    joinTimeoutMs: number('join-timeout', 60, 1) * 1000,
    ignoreTerm: values['ignore-term'] === true,
  };
}

/** @throws UsageError naming the variable. */
export function readPlace(env: Readonly<Record<string, string | undefined>>): Place {
  const required = (name: string): string => {
    const text = env[name];
    if (text === undefined || text === '') {
      throw new UsageError(
        `${name} is not set; a launcher such as "ssh" or torchrun sets it for each worker`,
      );
    }
    return text;
  };
  const worldSize = wholeNumber('WORLD_SIZE', required('WORLD_SIZE'), 1);
  const rank = wholeNumber('RANK', required('RANK'), 0);
  if (rank >= worldSize)
    throw new UsageError(`RANK is ${String(rank)}, but WORLD_SIZE is ${String(worldSize)}`);
  return {
    rank,
    worldSize,
    masterAddress: required('MASTER_ADDR'),
    masterPort: wholeNumber('MASTER_PORT', required('MASTER_PORT'), 1),
  };
}

type NumericOption = 'epochs' | 'steps' | 'batch' | 'pace' | 'slow' | 'seed' | 'join-timeout';

function readArguments(args: string[]): Partial<Record<NumericOption, string>> & { 'ignore-term'?: boolean } {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        epochs: text,
        steps: text,
        batch: text,
        pace: text,
        slow: text,
        seed: text,
        'join-timeout': text,
        'ignore-term': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${name} is "${text}", not a whole number of at least ${String(least)}`);
  }
  return value;
}
