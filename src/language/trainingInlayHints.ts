import { count } from '../base/count';
import { readTraining, type TrainingDocument } from '../config/training/readTraining';
import { trainingTotals } from '../config/training/trainingTotals';
import type { InlayHint } from './types';

/** The total batch behind the batch size, and what the learning rate is for one worker behind that. */
export function trainingInlayHints(text: string): InlayHint[] {
  const document = readTraining(text);
  const { batch, workers, totalBatch, rate } = trainingTotals(document);
  const hints: InlayHint[] = [];
  if (batch !== undefined && workers !== undefined && totalBatch !== undefined) {
    hints.push({
      offset: batch.value.end,
      text: ` total ${count(totalBatch, 'sample')}`,
      tooltip: `Each step takes ${count(batch.perWorker, 'sample')} on each of ${workersText(document, workers)}.`,
    });
  }
  if (rate !== undefined && workers !== undefined && workers > 1) {
    hints.push({
      offset: rate.value.end,
      text: ` = ${workers} × ${shortNumber(rate.number / workers)}`,
      tooltip: scalingText(document, rate.number, workers),
    });
  }
  return hints.sort((a, b) => a.offset - b.offset);
}

/** What the number of workers means for a learning rate: the usual rule lets it grow with the total batch. */
export function scalingText(document: TrainingDocument, rate: number, workers: number): string {
  const all = workersText(document, workers);
  return `With the linear scaling rule the rate grows with the total batch. If ${shortNumber(rate)} is meant for ${all}, one alone would have ${shortNumber(rate / workers)}; if it is meant for one, all would have ${shortNumber(rate * workers)}.`;
}

export function workersText({ shape }: TrainingDocument, workers: number): string {
  return count(workers, shape?.name === 'replicas' ? 'replica' : 'worker');
}

function shortNumber(number: number): string {
  return String(Number(number.toPrecision(4)));
}
