import type { Chart, ChartChange, Series, SeriesChange } from '../../protocol/dashboard';

/** What to tell a page that knows `before` so that it knows `after`; undefined when nothing changed. */
export function chartChange(before: Chart, after: Chart): ChartChange | undefined {
  const { series, ...info } = after;
  const { series: known, ...knownInfo } = before;
  const byKey = new Map(known.map((one) => [one.key, one]));
  const changes = series
    .map((one) => seriesChange(byKey.get(one.key), one))
    .filter((change) => change !== undefined);
  const order = series.map(({ key }) => key);
  const same =
    changes.length === 0 &&
    JSON.stringify(info) === JSON.stringify(knownInfo) &&
    order.join('\n') === known.map(({ key }) => key).join('\n');
  return same ? undefined : { ...info, order, changes };
}

function seriesChange(before: Series | undefined, after: Series): SeriesChange | undefined {
  const limit = Math.min(before?.x.length ?? 0, after.x.length);
  let keep = 0;
  while (keep < limit && before?.x[keep] === after.x[keep] && before?.y[keep] === after.y[keep]) keep++;
  if (before !== undefined && keep === after.x.length && keep === before.x.length) return undefined;
  return { ...after, keep, x: after.x.slice(keep), y: after.y.slice(keep) };
}
