/**
 * Seconds of a time limit as sbatch reads it (Slurm 22.05, tried on it): `minutes`, `minutes:seconds`,
 * `hours:minutes:seconds`, `days-hours`, `days-hours:minutes`, `days-hours:minutes:seconds`; no field has a largest value.
 * Infinity for no limit, undefined for what it refuses.
 */
export function timeSeconds(text: string): number | undefined {
  if (/^(?:infinite|unlimited)$/i.test(text) || text === '-1') return Infinity;
  const [, days, first, second, third] = /^(?:(\d*)-)?(\d*)(?::(\d+))?(?::(\d+))?$/.exec(text) ?? [];
  if (first === undefined || (first === '' && (days === undefined || days === '' || second !== undefined)))
    return undefined;
  if (days === '' && second !== undefined) return undefined;
  const [a, b, c] = [Number(first), Number(second ?? 0), Number(third ?? 0)];
  if (days !== undefined) return Number(days) * 86_400 + a * 3600 + b * 60 + c;
  return third === undefined ? a * 60 + b : a * 3600 + b * 60 + c;
}

/** `2 days 12 hours`, `30 seconds`. */
export function timeWords(seconds: number): string {
  if (seconds === Infinity) return 'no limit';
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  const words = parts.flatMap(([count, unit]) =>
    count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`],
  );
  return words.length === 0 ? '0 seconds' : words.join(' ');
}
