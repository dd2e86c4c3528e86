import { randomBytes } from 'node:crypto';

/** UTC time, launch name cut to a directory name, and random: `20261122-181500-digits-k3f9x2ab`. */
export function newRunId(launch: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const slug = launch
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 30);
  return [time, ...(slug === '' ? [] : [slug]), randomBytes(4).toString('hex')].join('-');
}

/** Milliseconds since the epoch at which a run was begun, or undefined for an id that is not ours. */
export function startTimeOf(id: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(id) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
