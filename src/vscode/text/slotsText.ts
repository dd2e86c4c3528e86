import type { HostfileEntry } from '../../config/hostfile/hostfile';
import { count } from '../../text/format';

/** `8 slots on 4 hosts`; a host that does not say how many has as many as its launcher finds. */
export function slotsText(entries: readonly Pick<HostfileEntry, 'slots'>[]): string {
  const hosts = count(entries.length, 'host');
  const known = entries.flatMap(({ slots }) => slots ?? []);
  if (known.length === 0) return hosts;
  const slots = `${count(
    known.reduce((sum, slots) => sum + slots, 0),
    'slot',
  )} on ${hosts}`;
  const open = entries.length - known.length;
  return open === 0 ? slots : `${slots}, ${open.toLocaleString('en-US')} of them without a count`;
}
