import type { HostLine } from '../../src/protocol/hosts';

/** `4 hosts · 8 slots · 1 disabled · 1 unreachable`, of what the file says and what is known. */
export function summaryText(lines: readonly HostLine[]): string {
  const hosts = lines.filter(({ kind }) => kind === 'host');
  const counted = hosts.filter(({ slots }) => /^\d{1,9}$/.test(slots));
  const slots = counted.reduce((sum, line) => sum + Number(line.slots), 0);
  const without = hosts.length - counted.length;
  const disabled = lines.filter(({ kind }) => kind === 'disabled').length;
  const unreachable = hosts.filter(({ live }) => live?.kind === 'unreachable').length;
  const reachable = hosts.filter(({ live }) => live?.kind === 'reachable').length;
  return [
    count(hosts.length, 'host'),
    counted.length > 0 ? count(slots, 'slot') : '',
    without > 0 && counted.length > 0 ? `${without} without a count` : '',
    disabled > 0 ? `${disabled} disabled` : '',
    reachable > 0 ? `${reachable} reachable` : '',
    unreachable > 0 ? `${unreachable} unreachable` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `1 host`, `2 hosts`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}
