import { normal, randomStream } from './random';

export const classes = 10;
const side = 8;
/** Numbers per sample: a picture of 8 by 8. */
export const features = side * side;

/** Over all ranks. */
const trainingSamples = 25_600;
const heldOutSamples = 2048;

/** How far a sample strays from its class's picture; chosen so that learning takes a minute, not a second. */
const noise = 1;

export interface Samples {
  count: number;
  /** `count` rows of {@link features}. */
  inputs: Float64Array;
  labels: Uint8Array;
}

/**
 * One rank's share of a made-up set of ten kinds of picture. Every rank draws the same set from the seed and keeps
 * each `worldSize`-th sample, so no two ranks have one in common.
 */
export function makeShard(
  seed: number,
  rank: number,
  worldSize: number,
): { training: Samples; heldOut: Samples } {
  const random = randomStream(seed);
  const pictures = Float64Array.from({ length: classes * features }, () => normal(random));
  const draw = (total: number): Samples => {
    const count = Math.floor(total / worldSize);
    const inputs = new Float64Array(count * features);
    const labels = new Uint8Array(count);
    const sample = new Float64Array(features);
    for (let index = 0; index < count * worldSize; index++) {
      const label = Math.floor(random() * classes);
      drawSample(sample, pictures.subarray(label * features, (label + 1) * features), random);
      if (index % worldSize !== rank) continue;
      const row = Math.floor(index / worldSize);
      inputs.set(sample, row * features);
      labels[row] = label;
    }
    return { count, inputs, labels };
  };
  return { training: draw(trainingSamples), heldOut: draw(heldOutSamples) };
}

/** The class's picture, moved by up to one pixel each way, with noise. */
function drawSample(sample: Float64Array, picture: Float64Array, random: () => number): void {
  const down = Math.floor(random() * 3) + side - 1;
  const right = Math.floor(random() * 3) + side - 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = ((y + down) % side) * side + ((x + right) % side);
      sample[y * side + x] = (picture[from] ?? 0) + noise * normal(random);
    }
  }
}
