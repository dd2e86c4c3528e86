import { classes, features, type Samples } from './dataSet';
import { randomStream } from './random';

const hidden = 160;

const parts = {
  weights1: hidden * features,
  bias1: hidden,
  weights2: classes * hidden,
  bias2: classes,
};

/** A two-layer perceptron (ReLU, softmax, cross entropy) with forward and backward pass written out. */
export class Network {
  /** All parameters in one array, so that they are exchanged, saved and compared as one. */
  readonly parameters = new Float64Array(parts.weights1 + parts.bias1 + parts.weights2 + parts.bias2);
  /** Mean over the last batch, laid out as {@link parameters}. */
  readonly gradients = new Float64Array(this.parameters.length);

  private readonly weights = split(this.parameters);
  private readonly slopes = split(this.gradients);
  private readonly activity = new Float64Array(hidden);
  private readonly activitySlope = new Float64Array(hidden);
  private readonly probability = new Float64Array(classes);

  /** Equal seeds give equal parameters, bit for bit: only exact operations are used. */
  constructor(seed: number) {
    const random = randomStream(seed);
    const fill = (weights: Float64Array, inputs: number): void => {
      const bound = Math.sqrt(6 / inputs) / 2;
      for (let index = 0; index < weights.length; index++) weights[index] = (2 * random() - 1) * bound;
    };
    fill(this.weights.weights1, features);
    fill(this.weights.weights2, hidden);
  }

  /** Fills {@link gradients} from the samples at `rows` and gives their mean loss. */
  learn(samples: Samples, rows: Uint32Array): number {
    this.gradients.fill(0);
    let loss = 0;
    for (const row of rows) {
      const label = samples.labels[row] ?? 0;
      this.forward(samples.inputs, row * features);
      loss -= Math.log(Math.max(this.probability[label] ?? 0, 1e-12));
      this.backward(samples.inputs, row * features, label, 1 / rows.length);
    }
    return loss / rows.length;
  }

  /** Fraction of the samples whose likeliest class is the right one. */
  accuracy(samples: Samples): number {
    let right = 0;
    for (let row = 0; row < samples.count; row++) {
      this.forward(samples.inputs, row * features);
      if (this.probability.indexOf(Math.max(...this.probability)) === samples.labels[row]) right++;
    }
    return right / samples.count;
  }

  /** One step of gradient descent along `gradients` (laid out as {@link parameters}). */
  descend(gradients: Float64Array, rate: number): void {
    const { parameters } = this;
    for (let index = 0; index < parameters.length; index++) {
      parameters[index] = (parameters[index] ?? 0) - rate * (gradients[index] ?? 0);
    }
  }

  private forward(inputs: Float64Array, start: number): void {
    const { weights1, bias1, weights2, bias2 } = this.weights;
    for (let unit = 0; unit < hidden; unit++) {
      let sum = bias1[unit] ?? 0;
      const row = unit * features;
      for (let index = 0; index < features; index++)
        sum += (weights1[row + index] ?? 0) * (inputs[start + index] ?? 0);
      this.activity[unit] = sum > 0 ? sum : 0;
    }
    let largest = -Infinity;
    for (let kind = 0; kind < classes; kind++) {
      let sum = bias2[kind] ?? 0;
      const row = kind * hidden;
      for (let unit = 0; unit < hidden; unit++)
        sum += (weights2[row + unit] ?? 0) * (this.activity[unit] ?? 0);
      this.probability[kind] = sum;
      if (sum > largest) largest = sum;
    }
    let total = 0;
    for (let kind = 0; kind < classes; kind++) {
      const value = Math.exp((this.probability[kind] ?? 0) - largest);
      this.probability[kind] = value;
      total += value;
    }
    for (let kind = 0; kind < classes; kind++) this.probability[kind] = (this.probability[kind] ?? 0) / total;
  }

  /** Adds the slope of one sample's loss, times `share`, to the gradients. */
  private backward(inputs: Float64Array, start: number, label: number, share: number): void {
    const { weights2 } = this.weights;
    const slopes = this.slopes;
    this.activitySlope.fill(0);
    for (let kind = 0; kind < classes; kind++) {
      const slope = share * ((this.probability[kind] ?? 0) - (kind === label ? 1 : 0));
      const row = kind * hidden;
      slopes.bias2[kind] = (slopes.bias2[kind] ?? 0) + slope;
      for (let unit = 0; unit < hidden; unit++) {
        slopes.weights2[row + unit] = (slopes.weights2[row + unit] ?? 0) + slope * (this.activity[unit] ?? 0);
        this.activitySlope[unit] = (this.activitySlope[unit] ?? 0) + slope * (weights2[row + unit] ?? 0);
      }
    }
    for (let unit = 0; unit < hidden; unit++) {
      // Silent units are computed as well: the time of a step must not depend on the values.
      const slope = (this.activity[unit] ?? 0) > 0 ? (this.activitySlope[unit] ?? 0) : 0;
      const row = unit * features;
      slopes.bias1[unit] = (slopes.bias1[unit] ?? 0) + slope;
      for (let index = 0; index < features; index++) {
        slopes.weights1[row + index] =
          (slopes.weights1[row + index] ?? 0) + slope * (inputs[start + index] ?? 0);
      }
    }
  }
}

/** Views of the four parts of one array. */
function split(all: Float64Array): Record<keyof typeof parts, Float64Array> {
  const bias1 = parts.weights1;
  const weights2 = bias1 + parts.bias1;
  const bias2 = weights2 + parts.weights2;
  return {
    weights1: all.subarray(0, bias1),
    bias1: all.subarray(bias1, weights2),
    weights2: all.subarray(weights2, bias2),
    bias2: all.subarray(bias2),
  };
}
