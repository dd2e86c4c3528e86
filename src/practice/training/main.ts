import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { joinGroup } from './group';
import { parseOptions, readPlace, usage, UsageError, type Place, type TrainingOptions } from './options';
import { linePrinter } from './report';
import { Training } from './train';

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

function fail(place: Place | undefined, error: unknown): never {
  const who = place === undefined ? '' : `rank ${String(place.rank)}: `;
  process.stderr.write(
    `practice-training: ${who}${error instanceof Error ? error.message : String(error)}\n`,
  );
  if (error instanceof UsageError) process.stderr.write(`${usage}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** What must be equal on all ranks for the training to make sense, and the run they belong to. */
function jobOf(place: Place, options: TrainingOptions): string {
  const { epochs, steps, batch, seed } = options;
  const run = process.env['RANKWISE_RUN_ID'];
  return createHash('sha256')
    .update(JSON.stringify([place.worldSize, epochs, steps, batch, seed, run]))
    .digest('hex');
}

function onSignals(training: Training, place: Place, options: TrainingOptions): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (options.ignoreTerm) return;
      saveCheckpoint(training, place);
      process.exit(exitCodes[signal]);
    });
  }
}

/** All ranks have the same weights: one of them saves. */
function saveCheckpoint(training: Training, place: Place): void {
  if (place.rank === 0) writeFileSync('checkpoint-rank0.json', training.checkpoint());
}

async function main(): Promise<void> {
  let place: Place | undefined;
  try {
    if (process.argv.includes('--help')) {
      process.stdout.write(`${usage}\n`);
      return;
    }
    const options = parseOptions(process.argv.slice(2));
    place = readPlace(process.env);
    const training = new Training(place, options, linePrinter(place.rank, process.env['RANKWISE_TRUTH_DIR']));
    onSignals(training, place, options);
    training.warmUp();
    const group = await joinGroup(place, jobOf(place, options), options.joinTimeoutMs);
    process.stdout.write(`rank ${String(place.rank)} of ${String(place.worldSize)} has joined\n`);
    await training.run(group);
    saveCheckpoint(training, place);
    group.close();
  } catch (error) {
    fail(place, error);
  }
}

void main();
