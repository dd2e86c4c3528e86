import { count } from '../base/count';

export { count };

/** Elapsed time as `0:07`, `12:40` or `1:02:03`. */
export function formatElapsed(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** How long ago something was: `just now`, `12 min ago`, `3 h ago`, `2 days ago`. */
export function formatAgo(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ago` : `${count(Math.floor(hours / 24), 'day')} ago`;
}

/** Local time of day as `12:09`. */
export function formatTimeOfDay(milliseconds: number): string {
  const time = new Date(milliseconds);
  return `${String(time.getHours()).padStart(2, '0')}:${String(time.getMinutes()).padStart(2, '0')}`;
}

/** A rate as `1,240`, `118` or `7.3`: three significant places are enough to compare by eye. */
export function formatRate(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** A rate where there is little room: `118`, `1.24k`, `24.1k`, `3.2M`; three significant places. */
export function formatCompactRate(value: number): string {
  if (Math.abs(value) < 1000) return formatRate(value);
  const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 });
  return compact.format(value).replace('K', 'k');
}

/** Sizes of files as `812 bytes`, `7.9 KB`, `1.2 MB`; 1 KB is 1000 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte');
  const units = ['KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${units[power - 1] ?? ''}`;
}

/** A fraction as `24 %`. */
export function formatPercent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** The parts that are there, joined as rows show them. */
export function joinParts(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}
