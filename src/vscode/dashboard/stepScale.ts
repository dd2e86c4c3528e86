import type { Axis } from '../../protocol/dashboard';
import type { PointColumns } from './pointColumns';

interface Epoch {
  /** Added to a step of this epoch to count over the run. */
  base: number;
  first: number;
  last: number;
  stride: number;
}

/**
 * Where the points of one worker stand on an x axis. Logs count steps within an epoch; here an epoch continues one
 * stride after the end of the one before, whether the log counts from 0, from 1 or by twenties. Logs whose steps
 * count on through the epochs keep their numbers.
 */
export class StepScale {
  private readonly epochs = new Map<number, Epoch>();
  /** Length in steps of the newest epoch that another one followed. */
  private fullLength = 0;

  /** @param reference a series of the same worker, in the order of its log; places with an epoch and a step count */
  constructor(reference: PointColumns) {
    let current: Epoch | undefined;
    let currentEpoch = NaN;
    for (let index = 0; index < reference.length; index++) {
      const epoch = reference.epochs[index] ?? NaN;
      const step = reference.steps[index] ?? NaN;
      if (Number.isNaN(epoch) || Number.isNaN(step)) continue;
      if (epoch !== currentEpoch || current === undefined) {
        const previous: Epoch | undefined = current;
        current = this.epochs.get(epoch) ?? following(previous, step);
        if (previous !== undefined) this.fullLength = lengthOf(previous);
        this.epochs.set(epoch, current);
        currentEpoch = epoch;
      }
      if (step > current.last) {
        current.stride = step - current.last;
        current.last = step;
      }
    }
  }

  /** Position of a point, NaN where the log does not say; `time` in seconds after `startedAt` (ms). */
  position(epoch: number, step: number, time: number, axis: Axis, startedAt: number): number {
    switch (axis) {
      case 'step':
        return this.step(epoch, step);
      case 'epoch':
        return this.epoch(epoch, step);
      case 'time':
        return time - startedAt / 1000;
    }
  }

  /** Steps since the start of the run; a value printed once per epoch stands at the end of it. */
  step(epoch: number, step: number): number {
    const known = this.epochs.get(epoch);
    if (known === undefined) return Number.isNaN(step) ? epoch : step;
    return known.base + (Number.isNaN(step) ? known.last : step);
  }

  private epoch(epoch: number, step: number): number {
    const known = this.epochs.get(epoch);
    if (known === undefined || Number.isNaN(step)) return epoch;
    const length = Math.max(this.fullLength, lengthOf(known));
    return epoch + (step - known.first + known.stride) / length;
  }
}

function following(previous: Epoch | undefined, step: number): Epoch {
  const stride = previous?.stride ?? Math.max(step, 1);
  const counted = previous === undefined || step > previous.last;
  const base = counted ? (previous?.base ?? 0) : previous.base + previous.last + stride - step;
  return { base, first: step, last: step, stride };
}

const lengthOf = ({ first, last, stride }: Epoch) => last - first + stride;
