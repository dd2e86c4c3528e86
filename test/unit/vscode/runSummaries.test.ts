import { describe, expect, it } from 'vitest';
import { Emitter } from '../../../src/base/emitter';
import { silentLogger } from '../../../src/base/logger';
import type { RunMetrics } from '../../../src/metrics/runMetrics';
import type { RunView } from '../../../src/runs/model';
import { RunSummaries } from '../../../src/vscode/runSummaries';
import { metrics, run } from './samples';

const ended: RunView['state'] = {
  kind: 'ended',
  exit: { code: 0, process: undefined },
  by: 'itself',
  proven: true,
};

/** The part of the core that summaries read, in memory. */
class MemoryRuns {
  all: RunView[] = [];
  readonly changed = new Emitter<{ run: string }>();
  readonly opened: string[] = [];
  disposed = 0;
  readonly points = new Emitter<{ reset: boolean }>();
  throughput = 100;

  readonly runs = {
    get: (id: string) => this.all.find((candidate) => candidate.id === id),
    onDidChange: this.changed.event,
  };

  openMetrics(id: string): Promise<RunMetrics> {
    this.opened.push(id);
    return Promise.resolve({
      ...metrics({ 'node1/0': {} }),
      metrics: (worker) => metrics({ [worker]: { throughput: { value: this.throughput } } }).metrics(worker),
      onDidChange: this.points.event,
      dispose: () => {
        this.disposed++;
      },
    });
  }

  summaries(): RunSummaries {
    const list = (): RunView[] => this.all;
    const source = {
      openMetrics: (id: string) => this.openMetrics(id),
      runs: {
        get all() {
          return list();
        },
        get: this.runs.get,
        onDidChange: this.runs.onDidChange,
      },
    };
    return new RunSummaries(source, silentLogger);
  }
}

describe('summaries of runs', () => {
  it('follow an active run, and read it once more when it has ended and somebody looks', async () => {
    const runs = new MemoryRuns();
    runs.all = [run()];
    const summaries = runs.summaries();
    await expect.poll(() => summaries.get(run().id)?.throughput).toBe(100);
    runs.throughput = 120;
    runs.points.fire({ reset: false });
    expect(summaries.get(run().id)?.throughput).toBe(120);

    runs.all = [run({ state: ended })];
    runs.changed.fire({ run: run().id });
    expect(runs.disposed).toBe(1);
    expect(runs.opened).toHaveLength(1);
    summaries.setVisible(runs, true);
    await expect.poll(() => runs.disposed).toBe(2);
    runs.changed.fire({ run: run().id });
    expect(runs.opened).toHaveLength(2);
    summaries.dispose();
  });

  it('read ended runs newest first, and not while nobody looks', async () => {
    const runs = new MemoryRuns();
    runs.all = [1, 3, 2].map((at) => run({ id: `run${at}`, startedAt: at, state: ended }));
    const summaries = runs.summaries();
    expect(runs.opened).toEqual([]);
    summaries.setVisible(runs, true);
    await expect.poll(() => runs.opened).toEqual(['run3', 'run2', 'run1']);
    summaries.dispose();
  });

  it('let go of series that were opened after the end', async () => {
    const runs = new MemoryRuns();
    runs.all = [run()];
    const summaries = runs.summaries();
    summaries.dispose();
    await expect.poll(() => runs.disposed).toBe(1);
  });
});
