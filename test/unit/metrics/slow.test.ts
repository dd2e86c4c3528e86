import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SlowDetector } from '../../../src/metrics/slow';
import { LogPipeline } from '../../../src/metrics/logPipeline';
import type { WorkerSeries } from '../../../src/metrics/workerSeries';

const logs = join(import.meta.dirname, '../../fixtures/logs');
const ids = ['node1/0', 'node2/0', 'node3/0', 'node4/0'];

function recorded(name: string): string[][] {
  return ids.map((_, worker) =>
    readFileSync(join(logs, `${name}-worker${worker}.log`), 'utf8')
      .split('\n')
      .slice(0, -1),
  );
}

/** Workers whose logs grow by whole lines. */
class Workers {
  private readonly pipelines = new Map<string, { pipeline: LogPipeline; offset: number }>();

  print(worker: string, line: string): void {
    const known = this.pipelines.get(worker) ?? { pipeline: new LogPipeline(worker), offset: 0 };
    const bytes = new TextEncoder().encode(`${line}\n`);
    known.pipeline.feed({ run: 'r', worker, generation: 0, offset: known.offset, bytes });
    this.pipelines.set(worker, { ...known, offset: known.offset + bytes.length });
  }

  get series(): Map<string, WorkerSeries> {
    return new Map([...this.pipelines].map(([worker, { pipeline }]) => [worker, pipeline.own.series]));
  }
}

/** Named workers after each step of logs that grow together. */
function follow(lines: string[][]): string[][] {
  const workers = new Workers();
  const detector = new SlowDetector();
  return (lines[0] ?? []).map((_, step) => {
    ids.forEach((id, worker) => workers.print(id, lines[worker]?.[step] ?? ''));
    return detector.update(workers.series).map(({ worker }) => worker);
  });
}

const line = (step: number, computeTime: number) => `epoch=0 step=${step} compute_time=${computeTime}`;

describe('SlowDetector', () => {
  it('names nobody at any step of a healthy run on two loaded cores', () => {
    expect(follow(recorded('compute-time-healthy')).flat()).toEqual([]);
  });

  it('names exactly the worker that computes half as much again, and no other at any step', () => {
    const named = follow(recorded('compute-time-slow-2'));
    expect(new Set(named.flat())).toEqual(new Set(['node3/0']));
    expect(named.findIndex((step) => step.length > 0)).toBeLessThan(15);
  });

  it('comes to the same end when whole logs are read one after the other', () => {
    const lines = recorded('compute-time-slow-2');
    const together = new Workers();
    lines.forEach((own, worker) => own.forEach((text) => together.print(ids[worker] ?? '', text)));
    const apart = new Workers();
    const detector = new SlowDetector();
    lines.forEach((own, worker) => {
      own.forEach((text) => apart.print(ids[worker] ?? '', text));
      detector.update(apart.series);
    });
    expect(detector.update(apart.series)).toEqual(new SlowDetector().update(together.series));
  });

  it('says how far behind and since which step', () => {
    const workers = new Workers();
    for (let step = 0; step < 60; step += 2) {
      for (const id of ids) workers.print(id, line(step, id === 'node2/0' && step >= 20 ? 0.2 : 0.1));
    }
    expect(new SlowDetector().update(workers.series)).toEqual([
      { worker: 'node2/0', behind: 0.5, sinceStep: 20 },
    ]);
  });

  it('forgets a worker that is well again', () => {
    const workers = new Workers();
    const detector = new SlowDetector();
    const print = (from: number, to: number, seconds: number) => {
      for (let step = from; step < to; step++) {
        for (const id of ids) workers.print(id, line(step, id === 'node2/0' ? seconds : 0.1));
      }
    };
    print(0, 20, 0.15);
    expect(detector.update(workers.series)).toHaveLength(1);
    print(20, 21, 0.1);
    expect(detector.update(workers.series)).toEqual([]);
  });

  it('needs three workers, and 20 %', () => {
    const two = new Workers();
    for (let step = 0; step < 50; step++) {
      two.print('a/0', line(step, 0.1));
      two.print('b/0', line(step, 0.9));
    }
    expect(new SlowDetector().update(two.series)).toEqual([]);

    const near = new Workers();
    for (let step = 0; step < 50; step++) {
      ids.forEach((id, worker) => near.print(id, line(step, worker === 3 ? 0.12 : 0.1)));
    }
    expect(new SlowDetector().update(near.series)).toEqual([]);
  });

  it('compares only steps that all have, and goes on without a worker that ended', () => {
    const workers = new Workers();
    for (let step = 0; step < 200; step++) {
      workers.print('a/0', line(step, 0.1));
      workers.print('b/0', line(step, 0.1));
      if (step % 2 === 0) workers.print('c/0', line(step, 0.2));
      if (step < 10) workers.print('d/0', line(step, 0.1));
    }
    expect(new SlowDetector().update(workers.series)).toEqual([{ worker: 'c/0', behind: 0.5, sinceStep: 0 }]);
  });

  it('compares a resumed training, whose steps begin again, at once', () => {
    const workers = new Workers();
    const detector = new SlowDetector();
    for (const seconds of [0.1, 0.3]) {
      for (let step = 0; step < 40; step++) {
        for (const id of ids) workers.print(id, line(step, id === 'node1/0' ? seconds : 0.1));
        if (seconds === 0.1) expect(detector.update(workers.series)).toEqual([]);
      }
    }
    expect(detector.update(workers.series).map(({ worker, sinceStep }) => [worker, sinceStep])).toEqual([
      ['node1/0', 0],
    ]);
  });

  it('compares nothing by times of zero', () => {
    const workers = new Workers();
    for (let step = 0; step < 50; step++) {
      ids.forEach((id, worker) => workers.print(id, line(step, worker === 3 ? 0.1 : 0)));
    }
    expect(new SlowDetector().update(workers.series)).toEqual([]);
  });
});
