import { randomBytes } from 'node:crypto';

/** UTC time, launch (and name) cut to a directory name, and random: `20261122-181500-digits-k3f9x2ab`. */
export function newRunId(launch: string, nowMs: number, name = ''): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const slugs = [launch, name].map(slugOf).filter((slug) => slug !== '');
  return [time, ...slugs, randomBytes(4).toString('hex')].join('-');
}

function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 30);
}

/** Milliseconds since the epoch at which a run was begun, or undefined for an id that is not ours. */
export function startTimeOf(id: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(id) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time;
}
