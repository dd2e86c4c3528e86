import type { Axis } from '../../src/protocol/dashboard';

/** A measured value with as many digits as tell something: 1,240 · 155.2 · 0.713 · 0.00012. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
  if (size >= 100) return value.toFixed(1);
  if (size >= 10) return value.toFixed(2);
  if (size >= 0.001 || size === 0) return value.toFixed(3);
  return value.toPrecision(2);
}

/** `+3 %`, `-24 %`, for a fraction. */
export function formatSigned(fraction: number): string {
  const percent = Math.round(fraction * 100);
  return `${percent > 0 ? '+' : percent < 0 ? '\u2212' : '±'}${Math.abs(percent)} %`;
}

/** `0:07`, `12:40`, `3:07:00`, for seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `12:09:31` by the clock of the person, for milliseconds since the epoch. */
export function formatClock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}

/** A place on an x axis: a step, an epoch, or seconds since the start. */
export function formatX(x: number, axis: Axis): string {
  switch (axis) {
    case 'step':
      return Number.isInteger(x) ? x.toLocaleString('en-US') : x.toFixed(1);
    case 'epoch':
      return Number.isInteger(x) ? String(x) : x.toFixed(2);
    case 'time':
      return formatDuration(x);
  }
}
