import { describe, expect, it } from 'vitest';
import { classes, features, makeShard } from '../../../../src/practice/training/dataSet';
import { Network } from '../../../../src/practice/training/network';

const rows = Uint32Array.from({ length: 16 }, (_, index) => index);

describe('Network', () => {
  it('computes the gradients that finite differences show', () => {
    const { training } = makeShard(3, 0, 8);
    const network = new Network(5);
    network.learn(training, rows);
    const gradients = Float64Array.from(network.gradients);
    const nudge = 1e-5;
    const { parameters } = network;
    for (let index = 0; index < parameters.length; index += 97) {
      const before = parameters[index]!;
      parameters[index] = before + nudge;
      const above = network.learn(training, rows);
      parameters[index] = before - nudge;
      const below = network.learn(training, rows);
      parameters[index] = before;
      expect(gradients[index]).toBeCloseTo((above - below) / (2 * nudge), 5);
    }
  });

  it('begins equal for equal seeds and at chance', () => {
    const { heldOut } = makeShard(1, 0, 1);
    expect(new Network(1).parameters).toEqual(new Network(1).parameters);
    expect(new Network(1).parameters).not.toEqual(new Network(2).parameters);
    expect(new Network(1).accuracy(heldOut)).toBeLessThan(0.25);
  });
});

describe('makeShard', () => {
  it('deals one set out to the ranks, sample by sample', () => {
    const whole = makeShard(1, 0, 1).training;
    const shards = [0, 1, 2].map((rank) => makeShard(1, rank, 3).training);
    for (let index = 0; index < 30; index++) {
      const shard = shards[index % 3]!;
      const row = Math.floor(index / 3);
      expect(shard.labels[row]).toBe(whole.labels[index]);
      expect(shard.inputs.subarray(row * features, (row + 1) * features)).toEqual(
        whole.inputs.subarray(index * features, (index + 1) * features),
      );
    }
    expect(new Set(whole.labels).size).toBe(classes);
  });
});
