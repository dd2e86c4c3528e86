import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankwiseError } from '../../../src/base/errors';
import { LogPipeline } from '../../../src/metrics/logPipeline';

const encode = (text: string) => new TextEncoder().encode(text);
const piece = (offset: number, bytes: Uint8Array | string, generation = 0) => ({
  run: 'r',
  worker: 'node1/0',
  offset,
  generation,
  bytes: typeof bytes === 'string' ? encode(bytes) : bytes,
});

function samples(pipeline: LogPipeline) {
  const { series } = pipeline.own;
  return series.names.map((name) => [
    name,
    Array.from({ length: series.length(name) }, (_, index) => series.sample(name, index)),
  ]);
}

function whole(bytes: Uint8Array): LogPipeline {
  const pipeline = new LogPipeline('node1/0');
  pipeline.feed(piece(0, bytes));
  pipeline.end();
  return pipeline;
}

const fixtures = [
  'mxnet-dist-sync-worker1.log',
  'srun-label-lightning-tqdm.log',
  'ray-train-default-settings.log',
];
const recorded = fixtures.map((name) => readFileSync(join(import.meta.dirname, '../../fixtures/logs', name)));

describe('LogPipeline', () => {
  it('gives the same points wherever bytes are cut and however often they come', () => {
    const source = fc.oneof(
      fc.constantFrom(...recorded).map((bytes) => Uint8Array.from(bytes)),
      fc
        .array(fc.oneof(fc.constant(encode('step=1 loss=0.5\r')), fc.uint8Array({ maxLength: 9 })))
        .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part]))),
    );
    const cuts = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), back: fc.nat(200) }));
    fc.assert(
      fc.property(source, cuts, (bytes, places) => {
        const pipeline = new LogPipeline('node1/0');
        let known = 0;
        for (const { at, back } of places.sort((a, b) => a.at - b.at)) {
          const from = Math.max(0, known - back);
          const to = Math.max(known, Math.floor(at * bytes.length));
          pipeline.feed(piece(from, bytes.subarray(from, to)));
          known = to;
        }
        pipeline.feed(piece(known, bytes.subarray(known)));
        pipeline.end();
        const uncut = whole(bytes);
        expect(samples(pipeline)).toEqual(samples(uncut));
        expect([pipeline.lines, pipeline.own.points]).toEqual([uncut.lines, uncut.own.points]);
        expect(pipeline.own.lastLine).toBe(uncut.own.lastLine);
      }),
    );
  });

  it('counts lines as wc does and points by value', () => {
    const pipeline = whole(encode('start\r\nstep=1 loss=2 acc=0.5\n10%\r20%\r30%\nstep=2 loss=1'));
    expect([pipeline.lines, pipeline.own.points, pipeline.own.lastLine]).toEqual([3, 3, 'step=2 loss=1']);
  });

  it('reports a hole and goes on when it has been filled', () => {
    const pipeline = new LogPipeline('node1/0');
    pipeline.feed(piece(0, 'loss=1\n'));
    const late = piece(14, 'loss=3\n');
    expect(() => pipeline.feed(late)).toThrowError(RankwiseError);
    expect(() => pipeline.feed(late)).toThrowError('node1/0: bytes 7 to 13 of the log are missing');
    pipeline.feed(piece(7, 'loss=2\n'));
    pipeline.feed(late);
    expect([0, 1, 2].map((index) => pipeline.own.series.sample('loss', index).value)).toEqual([1, 2, 3]);
  });

  it('starts anew with a new generation and hears no more of the old one', () => {
    const pipeline = new LogPipeline('node1/0');
    expect(pipeline.feed(piece(0, 'loss=1\nloss=2\nhalf a li'))).toBe('grown');
    const old = pipeline.own.series;
    expect(() => pipeline.feed(piece(7, 'loss=9\n', 1))).toThrowError(/bytes 0 to 6/);
    expect(pipeline.own.series).toBe(old);
    expect(pipeline.feed(piece(0, 'loss=7\n', 1))).toBe('reset');
    expect(pipeline.feed(piece(23, 'loss=3\n', 0))).toBe('unchanged');
    expect(samples(pipeline)).toEqual([['loss', [{ value: 7, epoch: NaN, step: NaN, offset: 0 }]]]);
    expect(old.length('loss')).toBe(2);
  });

  it('reads no number at the place where a line was cut', () => {
    const long = `${'x'.repeat(64 * 1024 - 8)} loss=12345\n`;
    expect(whole(encode(long)).own.points).toBe(0);
  });

  it.each(['none', 'openmpi', 'srunLabel', 'ray', 'torchrun', 'auto'] as const)(
    'stays small and quick on 13 MB without a line end, binary and carriage returns (tags: %s)',
    (tags) => {
      const chunk = new Uint8Array(1 << 18);
      for (let index = 0; index < chunk.length; index++) chunk[index] = (index * 2654435761) >>> 24;
      const noLineEnd = chunk.map((byte) => (byte === 8 || byte === 10 || byte === 13 ? 120 : byte));
      const bars = encode('\r10%|#| loss=0.5'.repeat(4096));
      const pipeline = new LogPipeline('node1/0', { tags });
      let offset = 0;
      const feed = (bytes: Uint8Array): void => {
        pipeline.feed(piece(offset, bytes));
        offset += bytes.length;
      };
      feed(encode('[1,0]<stdout>:(RayTrainWorker pid=1) '));
      for (let count = 0; count < 48; count++) feed(noLineEnd);
      for (let count = 0; count < 4; count++) feed(chunk);
      const start = process.cpuUsage();
      for (let count = 0; count < 4; count++) feed(bars);
      feed(encode('\nloss=1'));
      pipeline.end();
      // What waits for a rank or for the rest of its line is bounded: the last line comes out at once.
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1e6).toBeLessThan(5);
      const records = [pipeline.own, ...pipeline.workers.values()];
      expect(records.some(({ lastLine }) => lastLine === 'loss=1')).toBe(true);
      for (const { lastLine } of records) expect(lastLine.length).toBeLessThanOrEqual(64 * 1024);
      expect(pipeline.workers.size).toBeLessThan(10);
    },
  );
});
