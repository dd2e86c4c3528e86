import type { JsonValue, TrainingDocument } from './readTraining';

/** What all workers of a training configuration come to. Undefined where the file does not say it. */
export interface TrainingTotals {
  /** Processes that train: `num_workers`, else `nodes` × `gpus`; of the other shape `num_replicas`, else 1. */
  workers: number | undefined;
  /** Samples in one step of one worker, and where that stands. */
  batch: { perWorker: number; value: JsonValue } | undefined;
  /** Samples in one step of all workers. */
  totalBatch: number | undefined;
  /** Learning rate, and where it stands. */
  rate: { value: JsonValue; number: number } | undefined;
}

export function trainingTotals(document: TrainingDocument): TrainingTotals {
  const isReplicas = document.shape?.name === 'replicas';
  const workers = isReplicas ? replicasOf(document) : workersOf(document);
  const value = document.byKey.get(isReplicas ? 'batch_size_per_replica' : 'batch_size')?.value;
  const perWorker = countOf(value);
  const rate = document.byKey.get('lr')?.value;
  return {
    workers,
    batch: value === undefined || perWorker === undefined ? undefined : { perWorker, value },
    totalBatch: workers === undefined || perWorker === undefined ? undefined : workers * perWorker,
    rate:
      rate !== undefined && typeof rate.value === 'number' && Number.isFinite(rate.value)
        ? { value: rate, number: rate.value }
        : undefined,
  };
}

/** The whole number of at least 0 that a key has; undefined where it has none. */
export function countAt(document: TrainingDocument, key: string): number | undefined {
  return countOf(document.byKey.get(key)?.value);
}

function countOf(value: JsonValue | undefined): number | undefined {
  const number = value?.value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function workersOf(document: TrainingDocument): number | undefined {
  const written = countAt(document, 'num_workers');
  if (written !== undefined) return written;
  const nodes = countAt(document, 'nodes');
  const gpus = countAt(document, 'gpus');
  return nodes === undefined || gpus === undefined || gpus === 0 ? undefined : nodes * gpus;
}

/** Without the key there is one replica; with a value that is no number nobody can say. */
function replicasOf(document: TrainingDocument): number | undefined {
  return document.byKey.has('num_replicas') ? countAt(document, 'num_replicas') : 1;
}
