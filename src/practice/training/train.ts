import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { makeShard } from './dataSet';
import type { Group } from './group';
import { Network } from './network';
import type { Place, TrainingOptions } from './options';
import { randomStream, shuffle } from './random';
import { reportEvery, reportLine } from './report';

const learningRate = 0.04;
/** How often the slow rank works through each batch. */
const slowPasses = 2.5;
const warmUpBatches = 60;
/**
 * The time of a step is the median of so many: on a busy machine another program that empties the caches or shares
 * the core slows a single step by half, and that says nothing about this rank.
 */
const timedSteps = 30;

/** One rank's part of the training. */
export class Training {
  private readonly network: Network;
  private readonly shard;
  private readonly passes: number;
  private step = 0;
  /** Seconds of each of the latest steps. */
  private computeTimes: number[] = [];
  private sums = { loss: 0, wait: 0 };

  constructor(
    place: Place,
    private readonly options: TrainingOptions,
    private readonly print: (line: string) => void,
  ) {
    this.network = new Network(options.seed);
    this.shard = makeShard(options.seed, place.rank, place.worldSize);
    this.passes = place.rank === options.slowRank ? slowPasses : 1;
  }

  /** Works on a network that is thrown away until the engine has compiled the code; else the first lines would show the compiler as a slow rank. */
  warmUp(): void {
    const rows = Uint32Array.from(
      { length: this.options.batch },
      (_, index) => index % this.shard.training.count,
    );
    const scratch = new Network(this.options.seed);
    for (let batch = 0; batch < warmUpBatches; batch++) scratch.learn(this.shard.training, rows);
    scratch.accuracy(this.shard.heldOut);
  }

  async run(group: Group): Promise<void> {
    const { epochs, batch } = this.options;
    const { count } = this.shard.training;
    const steps = this.options.steps ?? Math.max(1, Math.floor(count / batch));
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let epoch = 0; epoch < epochs; epoch++) {
      shuffle(order, randomStream(this.options.seed + epoch + 1));
      for (let index = 0; index < steps; index++) {
        const rows = Uint32Array.from(
          { length: batch },
          (_, offset) => order[(index * batch + offset) % count] ?? 0,
        );
        await this.takeStep(epoch, rows, group);
      }
      process.stdout.write(`weights after epoch ${String(epoch)}: sha256 ${this.digest()}\n`);
    }
  }

  /** The state to continue from, as JSON. */
  checkpoint(): string {
    return JSON.stringify({
      step: this.step,
      digest: this.digest(),
      parameters: [...this.network.parameters],
    });
  }

  /** Equal on all ranks as long as their networks are, bit for bit. */
  private digest(): string {
    return createHash('sha256').update(this.network.parameters).digest('hex');
  }

  private async takeStep(epoch: number, rows: Uint32Array, group: Group): Promise<void> {
    const started = performance.now();
    const before = process.cpuUsage();
    this.sums.loss += this.compute(rows);
    // Processor time, not time on the clock: where ranks share cores, a healthy rank that waits for a core is not slow.
    const used = process.cpuUsage(before);
    this.computeTimes.push((used.user + used.system) / 1e6);

    const computed = performance.now();
    const gradients = await group.average(this.network.gradients);
    this.sums.wait += (performance.now() - computed) / 1000;

    this.network.descend(gradients, learningRate);
    this.step += 1;
    if (this.step % reportEvery === 0) this.report(epoch);
    await delay(Math.max(0, this.options.paceMs - (performance.now() - started)));
  }

  /** The slow rank does its work again and again; what counts is the last full pass, which has the same result. */
  private compute(rows: Uint32Array): number {
    const { training } = this.shard;
    const part = Math.round((this.passes % 1) * rows.length);
    if (part > 0) this.network.learn(training, rows.subarray(0, part));
    for (let pass = 1; pass < Math.floor(this.passes); pass++) this.network.learn(training, rows);
    return this.network.learn(training, rows);
  }

  private report(epoch: number): void {
    const { loss, wait } = this.sums;
    this.computeTimes = this.computeTimes.slice(-timedSteps);
    const ordered = [...this.computeTimes].sort((a, b) => a - b);
    this.sums = { loss: 0, wait: 0 };
    this.print(
      reportLine({
        epoch,
        step: this.step,
        loss: loss / reportEvery,
        accuracy: this.network.accuracy(this.shard.heldOut),
        batch: this.options.batch,
        computeTime: ordered[Math.floor(ordered.length / 2)] ?? 0,
        waitTime: wait / reportEvery,
      }),
    );
  }
}
