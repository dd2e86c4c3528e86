import type { Found } from './dialects/registry';

/** Where the workers' number is not known. */
const mostLanes = 64;

function place({ reading: { epoch, step } }: Found): number | undefined {
  if (epoch === undefined && step === undefined) return undefined;
  return (epoch ?? 0) * 2 ** 32 + (step ?? 0);
}

/**
 * Groups the repeated lines of several workers that share a log without tags: the second `Epoch[0] Batch [20]` is of
 * another lane than the first. A lane is no rank: which worker it is cannot be known, and two may change places.
 */
export class Lanes {
  /** By kind of line: the place each lane has reached. */
  private readonly reached = new Map<string, number[]>();
  private count = 0;

  /** @param workers How many workers write to the log. */
  constructor(private readonly workers = mostLanes) {}

  /** Lane of the line, from 0. A line without epoch and step is of lane 0: nothing tells repetitions apart. */
  of(found: Found): number {
    const here = place(found);
    if (here === undefined) {
      this.count = Math.max(this.count, 1);
      return 0;
    }
    const kind = `${found.dialect.name} ${[...found.reading.values.keys()].join(' ')}`;
    const reached = this.reached.get(kind) ?? [];
    this.reached.set(kind, reached);
    const lane = this.behind(reached, here) ?? this.another(reached);
    reached[lane] = here;
    return lane;
  }

  /** The lane that is closest behind `here`. */
  private behind(reached: readonly number[], here: number): number | undefined {
    let best: number | undefined;
    let bestPlace = -Infinity;
    for (let lane = 0; lane < this.count; lane++) {
      const at = reached[lane] ?? -1;
      if (at < here && at > bestPlace) {
        best = lane;
        bestPlace = at;
      }
    }
    return best;
  }

  /** A new lane; where all workers have one already, the one that is least far begins anew. */
  private another(reached: readonly number[]): number {
    if (this.count < Math.max(1, Math.min(this.workers, mostLanes))) return this.count++;
    let least = 0;
    for (let lane = 1; lane < this.count; lane++) {
      if ((reached[lane] ?? -1) < (reached[least] ?? -1)) least = lane;
    }
    return least;
  }
}
