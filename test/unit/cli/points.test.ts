import { expect, it } from 'vitest';
import { pointsOf, type PointJson } from '../../../src/cli/points';
import type { Core } from '../../../src/core';
import { MetricsStore } from '../../../src/metrics/metricsStore';
import { run } from '../vscode/samples';

it('gives a loss that is no number any more, since when and what it is', async () => {
  const store = new MetricsStore({ workers: ['node1/0'] });
  const bytes = new TextEncoder().encode('step=1 loss=2\nstep=2 loss=nan\n');
  store.feed({ run: 'r', worker: 'node1/0', offset: 0, generation: 0, bytes });
  const core = { openMetrics: () => Promise.resolve(store) } as unknown as Core;
  const found: PointJson[] = [];
  for await (const point of pointsOf(core, run())) found.push(point);
  expect(found.map(({ name, value, text, step }) => [name, value, text, step])).toEqual([
    ['loss', 2, undefined, 1],
    ['loss', null, 'nan', 2],
  ]);
});
